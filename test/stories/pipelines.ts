import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@karvdash/local/command'
import { ensureStandIns } from '@karvdash/local/images/images'
import type { Page } from 'playwright-core'
import { changeSettings } from '../support/settings.ts'
import { basic, type System } from '../support/system.ts'
import { inState, launch, openService, picture, remove, signedIn } from './acts.ts'
import type { Player, Story } from './story.ts'
import { openNotes } from './zeppelin.ts'

const messages = ['21.5 degrees', '22.1 degrees', '23.0 degrees']
/** How long a program of Java may take to run. */
const javaMs = 240_000

/** Story 9: messages from a notebook through Kafka into Zeppelin, a second Zeppelin beside the first, and no second Argo Workflows. */
export const pipelines: Story = {
  number: 9,
  title: 'Pipelines',
  async play(system, { alice }) {
    await ensureStandIns(system.node.mirrorUrl, { references: ['docker.io/apache/zeppelin:0.12.0'] })
    await changeSettings(system.node, { 'argoWorkflows.crds': true })
    const page = await signedIn(system, alice)
    const kafka = await launch(page, 'Kafka', (form) => form.getByLabel('Memory of each broker').fill('512Mi'))
    const lab = await launch(page, 'JupyterLab', ownMemory('1Gi'))
    for (const service of [kafka, lab]) await inState(page, service, 'Running', javaMs)
    await bringPackage(system, alice)
    await writeMessages(await openService(page, lab), kafka)
    await remove(page, lab)

    const zeppelins = await readInZeppelin(page, kafka)
    await picture(page, '9-services')
    for (const service of [...zeppelins, kafka]) await remove(page, service)

    await launchArgoTwice(system, page, alice)
    await page.context().close()
  },
}

const ownMemory = (memory: string) => async (form: Page) => {
  await form.getByLabel('Size').selectOption('Own amounts')
  await form.getByLabel('Memory', { exact: true }).fill(memory)
}

/** Puts a client of Kafka, as PyPI has it, into alice's folder: her pods may have no way out of the cluster. */
async function bringPackage(system: System, { username }: Player): Promise<void> {
  const wheels = join(system.folder('local', username), 'wheels')
  await mkdir(wheels)
  await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels, 'kafka-python==3.0.12'])
}

/** Installs the client and writes to Kafka, each in a cell of a new notebook. */
async function writeMessages(lab: Page, kafka: string): Promise<void> {
  await lab.locator('.jp-LauncherCard[data-category="Notebook"]').first().click()
  // A cell that is run before its kernel answers is not run at all.
  await lab.locator('.jp-StatusBar-Widget').getByText('Idle').waitFor()
  await runCell(lab, '%pip install --no-index --find-links /local/wheels kafka-python', 'Successfully installed kafka-python')
  const writes = [
    'from kafka import KafkaProducer',
    `producer = KafkaProducer(bootstrap_servers="${kafka}:9092")`,
    `sent = [producer.send("readings", text.encode()).get(60) for text in ${JSON.stringify(messages)}]`,
    'print(len(sent), "are written")',
  ]
  await runCell(lab, writes.join('\n'), '3 are written')
  await picture(lab, '9-notebook')
  await lab.close()
}

/** Runs the last cell of the notebook, and waits for what it is to say. */
async function runCell(lab: Page, text: string, says: string): Promise<void> {
  await lab.locator('.jp-Notebook .jp-Cell .cm-content').last().click()
  // At once, as when it is pasted: no bracket is closed by itself.
  await lab.keyboard.insertText(text)
  await lab.keyboard.press('Shift+Enter')
  await lab.locator('.jp-OutputArea-output', { hasText: says }).waitFor({ timeout: 90_000 })
}

/** Reads the messages in a paragraph of one Zeppelin, and finds nothing of it in another; gives their names. */
async function readInZeppelin(page: Page, kafka: string): Promise<string[]> {
  const first = await launch(page, 'Zeppelin', ownMemory('1536Mi'))
  await inState(page, first, 'Running', javaMs)
  const notes = await openNotes(await openService(page, first))
  const reads = [
    '%sh',
    "python3 - <<'END'",
    'from itertools import islice',
    'from kafka import KafkaConsumer',
    `consumer = KafkaConsumer("readings", bootstrap_servers="${kafka}:9092", auto_offset_reset="earliest", consumer_timeout_ms=60000)`,
    'for message in islice(consumer, 3):',
    '    print(message.value.decode())',
    'END',
  ]
  const { code, text } = await notes.run('readings', reads.join('\n'))
  equal(code, 'SUCCESS', text)
  deepEqual(text.trim().split('\n').sort(), messages)
  await picture(notes.page, '9-paragraph')

  const second = await launch(page, 'Zeppelin', ownMemory('1Gi'))
  match(second, /^zeppelin-[a-z0-5]{4}$/)
  await inState(page, second, 'Running', javaMs)
  const others = await openNotes(await openService(page, second))
  deepEqual({ first: await notes.list(), second: await others.list() }, { first: ['readings'], second: [] })
  for (const { page } of [notes, others]) await page.close()
  return [first, second]
}

/** Argo Workflows runs once per user: the second launch leads to the first, on the page and in the API. */
async function launchArgoTwice(system: System, page: Page, alice: Player): Promise<void> {
  const first = await launch(page, 'Argo Workflows')
  const url = `${system.serviceUrl(first, alice.username)}/workflows`
  await page.getByRole('link', { name: 'Launch Argo Workflows', exact: true }).click()
  await page.getByRole('button', { name: 'Launch', exact: true }).click()
  await page.getByText(`You have one already: "${first}"`).waitFor()
  await picture(page, '9-second-argo')
  const link = page.getByRole('link', { name: `Open ${first}` })
  equal(await link.getAttribute('href'), url)
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  await opened.waitForURL(url)
  await picture(opened, '9-argo')
  await opened.close()
  await page.getByRole('link', { name: `About ${first}` }).click()
  await page.getByRole('heading', { name: first, exact: true }).waitFor()

  const headers = { ...basic(alice), 'content-type': 'application/json' }
  const body = JSON.stringify({ template: 'argo' })
  const answer = await system.fetch(`${system.url}/api/services`, { method: 'POST', headers, body })
  const { service, url: told } = (await answer.json()) as { service?: string; url?: string }
  deepEqual({ status: answer.status, service, told }, { status: 409, service: first, told: url })
  await page.getByRole('link', { name: 'Services' }).click()
  ok(await system.kubectlAs(alice.username, 'get', 'workflowtemplate', `${first}-two-steps`, '-o', 'name'))
  await remove(page, first)
}
