import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type CodeServer, startCodeServer } from '../support/code-server.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { activeUser, tokenOf } from '../support/people.ts'
import { until } from '../support/until.ts'
import { countInterruptions, type Interruptions, type Workbench } from '../support/workbench.ts'

let cluster: Cluster
let front: Front
let editor: CodeServer
let window: Workbench
let interruptions: () => Promise<Interruptions>

beforeAll(async () => {
  cluster = await startCluster('trouble')
  const backend = await cluster.backend()
  front = await startFront(backend)
  const erin = await activeUser(backend, 'erin')
  const { secret } = await tokenOf(erin, 'VS Code')
  await writeFile(onHost('notes.txt'), 'first\n')
  await writeFile(onHost('other.txt'), 'other\n')
  editor = await startCodeServer({ NODE_EXTRA_CA_CERTS: front.caFile })
  window = await editor.window('/?ew=true')
  await window.command('Karvdash: Sign In')
  await window.answer('Server', front.url)
  await window.choose('Paste a personal token')
  await window.answer('Token', secret)
  await status('erin').waitFor()
  await window.command('Karvdash: Open Folder')
  await window.row('notes.txt').dblclick()
  await window.page.locator('.tab.active', { hasText: 'notes.txt' }).waitFor()
  await view('Karvdash').click()
  await status('erin').waitFor()
  interruptions = await countInterruptions(window.page)
}, 180_000)
afterAll(async () => {
  await editor?.stop()
  await front?.stop()
  await cluster?.stop()
})

const onHost = (name: string) => join(cluster.domains, 'local/erin', name)
const status = (text: string) => window.page.locator('.statusbar-item', { hasText: text })
const view = (name: string) => window.page.locator(`.activitybar .action-item:has([aria-label^="${name}"])`)
const refresh = () => window.page.locator('.sidebar .composite.title .action-label[aria-label^="Refresh"]')
const welcome = () => window.page.locator('.welcome-view-content').filter({ visible: true })

interface Trouble {
  begins: () => void
  ends: () => void
  /** In the status bar, and in the view. */
  short: string
  sentence: string
  action: string
}

const troubles: [string, Trouble][] = [
  [
    'a server that is away',
    {
      begins: () => front.leave(),
      ends: () => front.comeBack(),
      short: 'Karvdash: Away',
      sentence: 'Karvdash cannot be reached. It is tried again by itself.',
      action: 'Try Again',
    },
  ],
  [
    'a certificate that nobody vouches for',
    {
      begins: () => front.wear('stranger'),
      ends: () => front.wear('none'),
      short: 'Karvdash: Not Trusted',
      sentence: "The server's certificate is not trusted on this machine.",
      action: 'Try Again',
    },
  ],
  [
    'a server that came back as another version',
    {
      begins() {
        front.leave()
        front.wear('other version')
        void status('Karvdash: Away')
          .waitFor()
          .then(() => front.comeBack())
      },
      ends: () => front.wear('none'),
      short: 'Karvdash: Other Version',
      sentence: 'This extension and the server speak different versions.',
      action: 'Open Dashboard',
    },
  ],
]

describe.each(troubles)('%s', (name, { begins, ends, short, sentence, action }) => {
  test('is one calm state with one thing to do, however often it is met', async () => {
    const [before, knocks] = [await interruptions(), front.knocks()]
    await window.type(` during ${name}`)
    begins()
    await status(short).waitFor()
    await welcome().getByText(sentence).waitFor()
    expect(await welcome().getByRole('button').allInnerTexts()).toEqual([action])
    for (let times = 0; times < 3; times++) await refresh().click()
    if (short !== 'Karvdash: Other Version') await until(() => front.knocks() > knocks + 3)
    await window.picture(`vscode-trouble ${name}`.replaceAll(' ', '-'))
    expect(await interruptions()).toEqual(before)
  })

  test('makes VS Code say once, of a file that somebody opens, that it cannot be read', async () => {
    const before = await interruptions()
    await view('Explorer').click()
    await window.row('other.txt').click()
    const dialog = window.page.locator('.monaco-dialog-box', { hasText: "Unable to open 'other.txt'" })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    await view('Karvdash').click()
    expect(await interruptions()).toEqual({ ...before, dialogs: before.dialogs + 1 })
  })

  test('keeps what was typed: saving says in one sentence that it could not, and saves when all is well again', async () => {
    const before = await interruptions()
    await window.page.locator('.editor-instance .monaco-editor .view-lines').first().click()
    await window.save()
    await window.notification("Failed to save 'notes.txt'").hover()
    await window.picture(`vscode-trouble ${name} saving`.replaceAll(' ', '-'))
    expect(await interruptions()).toEqual({ dialogs: before.dialogs, toasts: before.toasts + 1 })
    expect(await window.page.locator('.tab.active.dirty', { hasText: 'notes.txt' }).count()).toBe(1)
    ends()
    await refresh().click()
    await status('erin').waitFor()
    await window.page.locator('.editor-instance .monaco-editor .view-lines').first().click()
    await window.save()
    await until(async () => (await readFile(onHost('notes.txt'), 'utf8')).endsWith(` during ${name}`))
    await window.page.locator('.tab.active:not(.dirty)', { hasText: 'notes.txt' }).waitFor()
    await window.notification('Failed to save').waitFor({ state: 'detached' })
  })
})
