import { mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { run } from '@karvdash/local/command'
import { unzipSync } from 'fflate'
import { type Browser, chromium } from 'playwright-core'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Lab, startLab } from '../support/jupyter.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { type LabPage, openLab } from '../support/jupyter-page.ts'
import { activeUser, tokenOf } from '../support/people.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let front: Front
let lab: Lab
let browser: Browser
let jupyter: LabPage
let laptop: string
const failures: string[] = []

beforeAll(async () => {
  cluster = await startCluster('jupyterlab-files')
  backend = await cluster.backend()
  front = await startFront(backend)
  const alice = await activeUser(backend, 'alice')
  laptop = await mkdtemp(join(tmpdir(), 'karvdash-laptop-'))
  lab = await startLab({ KARVDASH_CA_FILE: front.caFile })
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } })
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => failures.push(error.message))
  jupyter = await openLab(page, lab.url)
  await jupyter.signIn(front.url, (await tokenOf(alice)).secret)
  await (await jupyter.sidebar()).getByText('alice at').waitFor()
}, 300_000)
afterAll(async () => {
  await browser?.close()
  await lab?.stop()
  await front?.stop()
  await cluster?.stop()
  await rm(laptop, { recursive: true, force: true })
})

const mebibyte = 1024 * 1024
const onHost = (path: string) => join(cluster.domains, 'local/alice', path)
const shared = (path: string) => join(cluster.domains, 'shared', path)
const isThere = (path: string) => stat(path).then(() => true)
const isGone = (path: string) =>
  stat(path).then(
    () => false,
    () => true,
  )

async function fileOfLaptop(name: string, size: number): Promise<{ path: string; bytes: Buffer }> {
  const bytes = Buffer.alloc(size, `${name} of a laptop, `)
  await writeFile(join(laptop, name), bytes)
  return { path: join(laptop, name), bytes }
}

describe('The files of a cluster in JupyterLab', () => {
  test('what a program writes, renames and deletes in the folder that is shown is seen with nothing to do', async () => {
    await jupyter.browser('local')
    await mkdir(onHost('watched'))
    await jupyter.entry('local', 'watched').dblclick()
    await jupyter.page.locator('#karvdash-local .jp-BreadCrumbs-item', { hasText: 'watched' }).waitFor()
    await writeFile(onHost('watched/result.csv'), '1,2\n')
    await jupyter.entry('local', 'result.csv').waitFor()
    await unlink(onHost('watched/result.csv'))
    await jupyter.entry('local', 'result.csv').waitFor({ state: 'detached' })
  })

  test('an upload whose network is cut goes on where it was, and ends whole', async () => {
    const { path, bytes } = await fileOfLaptop('measured.bin', 40 * mebibyte)
    const before = front.received()
    const isCut = front.stopAfter(21 * mebibyte, 'leave')
    await jupyter.upload('local', path)
    await isCut
    await jupyter.notification(/Uploading measured.bin: (20|40) %/).waitFor()
    await jupyter.picture('upload-cut')
    await expect(stat(onHost('watched/measured.bin'))).rejects.toThrow('ENOENT')
    front.comeBack()
    await jupyter.notification('measured.bin is uploaded.').waitFor()
    expect(bytes.equals(await readFile(onHost('watched/measured.bin')))).toBe(true)
    // A piece may go twice, and never all of it.
    expect(front.received() - before).toBeLessThan(60 * mebibyte)
    await jupyter.entry('local', 'measured.bin').waitFor()
  })

  test('an upload that is cancelled leaves nothing', async () => {
    const { path } = await fileOfLaptop('unwanted.bin', 40 * mebibyte)
    const isHeld = front.stopAfter(21 * mebibyte, 'hold')
    await jupyter.upload('local', path)
    await isHeld
    const shown = jupyter.notification('Uploading unwanted.bin')
    await shown.getByRole('button', { name: 'Cancel' }).click()
    await jupyter.notification('Cancelled: nothing is uploaded.').waitFor()
    await until(async () => (await readdir(onHost('watched'))).join() === 'measured.bin')
  })

  test('files that are dropped onto a folder go into it, told of together', async () => {
    await mkdir(onHost('watched/inbox'))
    await jupyter.entry('local', 'inbox').waitFor()
    const dropped = await jupyter.page.evaluateHandle(() => {
      const data = new DataTransfer()
      for (const name of ['one.txt', 'two.txt', 'three.txt']) data.items.add(new File([name], name))
      return data
    })
    await jupyter.entry('local', 'inbox').dispatchEvent('drop', { dataTransfer: dropped })
    await jupyter.notification('3 files are uploaded.').waitFor()
    expect((await readdir(onHost('watched/inbox'))).sort()).toEqual(['one.txt', 'three.txt', 'two.txt'])
  })

  test('a folder is copied into another domain by the server, and cut and pasted back beside what is there', async () => {
    await jupyter.press('local', ['inbox'], 'ControlOrMeta+c')
    await jupyter.folderMenu('shared', 'Paste')
    await jupyter.entry('shared', 'inbox').waitFor()
    await until(() => isThere(shared('inbox/three.txt')))
    await jupyter.contextMenu('shared', 'inbox', 'Duplicate')
    await jupyter.entry('shared', 'inbox (2)').waitFor()
    await jupyter.press('shared', ['inbox (2)'], 'ControlOrMeta+x')
    await jupyter.browser('local')
    await jupyter.press('local', ['measured.bin'], 'ControlOrMeta+v')
    await jupyter.entry('local', 'inbox (2)').waitFor()
    await until(() => isGone(shared('inbox (2)')))
    await jupyter.browser('shared')
    await jupyter.entry('shared', 'inbox (2)').waitFor({ state: 'detached' })
    await jupyter.browser('local')
  })

  test('an entry is moved into a folder by dragging it', async () => {
    await jupyter.entry('local', 'measured.bin').dragTo(jupyter.entry('local', 'inbox'), { steps: 8 })
    await until(() => isThere(onHost('watched/inbox/measured.bin')))
    await jupyter.entry('local', 'measured.bin').waitFor({ state: 'detached' })
  })

  test('a job that takes longer tells how far it is, and can be cancelled', async () => {
    await run('sh', [
      '-c',
      `mkdir '${onHost('watched/many')}' && cd '${onHost('watched/many')}' && seq -f n%06g 20000 | xargs touch`,
    ])
    await jupyter.entry('local', 'many').waitFor()
    await jupyter.press('local', ['many'], 'ControlOrMeta+c')
    await jupyter.folderMenu('shared', 'Paste')
    const shown = jupyter.notification('Copying many to /shared')
    await shown.waitFor()
    await jupyter.picture('copying')
    await shown.getByRole('button', { name: 'Cancel' }).click()
    await jupyter.notification('Cancelled: many is not copied.').waitFor()
    await until(async () => (await readdir(shared('.'))).join() === 'inbox')
  })

  test('a folder comes down as a zip of its name', async () => {
    await jupyter.browser('local')
    const [download] = await Promise.all([
      jupyter.page.waitForEvent('download'),
      jupyter.contextMenu('local', 'inbox (2)', 'Download as an Archive'),
    ])
    expect(download.suggestedFilename()).toBe('inbox (2).zip')
    const files = unzipSync(await readFile(await download.path()))
    expect(
      Object.keys(files)
        .filter((name) => !name.endsWith('/'))
        .sort(),
    ).toEqual(['one', 'three', 'two'].map((name) => `inbox (2)/${name}.txt`))
  })

  test('a file comes down with its own name', async () => {
    await writeFile(onHost('watched/größe 1.csv'), '1\n')
    await jupyter.entry('local', 'größe 1.csv').waitFor()
    const [download] = await Promise.all([
      jupyter.page.waitForEvent('download'),
      jupyter.contextMenu('local', 'größe 1.csv', 'Download'),
    ])
    expect(download.suggestedFilename()).toBe('größe 1.csv')
  })

  test('of a folder with 100,000 entries the first are there at once, more are shown when asked for, and the server filters', async () => {
    const many = onHost('watched/many')
    await run('sh', ['-c', `mkdir -p '${many}' && cd '${many}' && seq -f n%06g 100000 | xargs touch`])
    await jupyter.entry('local', 'many').dblclick()
    await jupyter.entry('local', 'n001000').waitFor()
    const local = await jupyter.browser('local')
    await local.getByText('Only the first 1,000 entries of this folder are shown.').waitFor()
    await jupyter.picture('many')
    await local.getByRole('button', { name: 'Show more' }).click()
    await jupyter.entry('local', 'n002000').waitFor()
    await local.getByRole('button', { name: 'Filter', exact: true }).click()
    await local.locator('.jp-FileBrowser-filterBox input').fill('n0999*')
    await jupyter.entry('local', 'n099900').waitFor()
    await jupyter.entry('local', 'n001000').waitFor({ state: 'detached' })
    expect(await local.locator('.jp-DirListing-item').count()).toBe(100)
    await jupyter.picture('filtered')
  })

  test('nothing of all that was an error of the page', () => {
    expect(failures).toEqual([])
  })
})
