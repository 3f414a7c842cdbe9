import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { picture, signedIn } from '../stories/acts.ts'
import { complaintsOfAxe, overflowOf } from '../support/axe.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

let system: System
let alice: System['admin']
let mine: string

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, `files${Date.now().toString(36)}`)
  mine = system.folder('local', alice.username)
}, 60_000)
afterAll(() => system?.close())

/** Names that would hide what they are, or be more than a name. */
const hostile = [
  '<img src=x onerror=alert(1)>.html',
  'line\nbreak',
  '\u202egnp.exe',
  '\u00e9'.repeat(127),
  '  spaces  ',
  '%2e%2e',
]
const entry = (page: Page, name: string) => page.locator(`[data-entry=${JSON.stringify(name)}]`)
const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
const choose = (page: Page, ...files: ReturnType<typeof file>[]) => page.getByLabel('Files to upload').setInputFiles(files)

async function filesOf(options: BrowserContextOptions = {}, hash = 'files/local'): Promise<Page> {
  const page = await signedIn(system, alice, options)
  await page.goto(`${system.url}/#/${hash}`)
  await page.getByRole('list', { name: 'Entries' }).locator('li').first().waitFor()
  return page
}

/** A folder of its own for a test, opened. */
async function inFolder(name: string): Promise<Page> {
  await mkdir(join(mine, name))
  return filesOf({}, `files/local/${name}`)
}

describe.each<[string, BrowserContextOptions]>([
  ['wide, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['wide, dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['narrow, light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ['narrow, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
])('%s: axe finds nothing, and nothing is wider than the window', (where, options) => {
  test('on any state of the files screen', async () => {
    const folder = `look ${where}`
    const make = (name: string) => writeFile(join(mine, folder, name), 'x'.repeat(2000))
    await mkdir(join(mine, folder, 'results'), { recursive: true })
    for (const name of ['analysis.ipynb', 'measurements.csv', 'notes.md']) await make(name)
    const page = await filesOf(options, `files/local/${encodeURIComponent(folder)}`)
    const look = async (name: string) => {
      await picture(page, `files-${name}-${where.replace(/\W+/g, '-')}`)
      const found = { name, complaints: await complaintsOfAxe(page), overflow: await overflowOf(page) }
      expect(found).toEqual({ name, complaints: [], overflow: 0 })
    }
    await look('list')
    for (const name of hostile) await make(name)
    await symlink('../../bob', join(mine, folder, 'leads out'))
    await entry(page, 'leads out').waitFor()
    await look('hostile')
    await choose(page, file('new.txt', 'new'), file('notes.md', 'other'))
    await page.getByRole('heading', { name: 'Replace notes.md?' }).waitFor()
    await look('conflict')
    await page.getByRole('button', { name: 'Keep both' }).click()
    await entry(page, 'notes (2).md').waitFor()
    await look('uploaded')
    await page.getByRole('button', { name: 'Delete results' }).click()
    await look('delete')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'New folder' }).click()
    await page.getByRole('button', { name: 'Make' }).click()
    await page.getByText('Give it a name.').waitFor()
    await look('new-folder')
    await page.goto(`${system.url}/#/files/shared`)
    await page.getByText('One folder for everybody').waitFor()
    await look('shared')
    await page.context().close()
  })
})

describe('on the files screen people', () => {
  test('make a folder, go into it and back, rename what is in it and delete it after being asked', async () => {
    const page = await inFolder('work')
    const say = async (button: string, name: string, does: string) => {
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').getByRole('textbox').fill(name)
      await page.getByRole('dialog').getByRole('button', { name: does }).click()
    }
    await say('New folder', 'a/b', 'Make')
    await page.getByText('A name has no "/" in it.').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await say('New folder', 'first', 'Make')
    await page.getByRole('link', { name: 'first' }).click()
    await page.getByText('This folder is empty.').waitFor()
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('link', { name: 'work' }).click()
    await say('Rename first', 'second', 'Rename')
    await entry(page, 'second').waitFor()
    await writeFile(join(mine, 'work/second/inside'), 'x')
    await page.getByRole('button', { name: 'Delete second' }).click()
    await page.getByText('The folder and everything in it is deleted for good').waitFor()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('This folder is empty.').waitFor()
    expect(await readdir(join(mine, 'work'))).toEqual([])
    await page.context().close()
  })

  test('upload several files, and say what becomes of those whose name is taken', async () => {
    const page = await inFolder('up')
    for (const name of ['a', 'b', 'c']) await writeFile(join(mine, 'up', name), 'old')
    const files = ['a', 'b', 'c', 'd'].map((name) => file(name, 'new'))
    await choose(page, ...files)
    await page.getByRole('button', { name: 'Skip' }).click()
    await page.getByRole('heading', { name: 'Replace b?' }).waitFor()
    await page.getByLabel('Do the same for the other files').check()
    await page.getByRole('button', { name: 'Replace' }).click()
    await page.getByText('Uploaded to /local/up/d', { exact: true }).waitFor()
    const content = await Promise.all(['a', 'b', 'c', 'd'].map((name) => readFile(join(mine, 'up', name), 'utf8')))
    expect(content).toEqual(['old', 'new', 'new', 'new'])
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByRole('list', { name: 'Uploads' }).waitFor({ state: 'hidden' })
    await page.context().close()
  })

  test('drop files, and are told that folders are not taken', async () => {
    const page = await inFolder('dropped')
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['dropped'], 'dropped.txt'))
      return transfer
    })
    await page.getByRole('region', { name: 'Folder' }).dispatchEvent('drop', { dataTransfer: data })
    await entry(page, 'dropped.txt').waitFor()
    expect(await readFile(join(mine, 'dropped/dropped.txt'), 'utf8')).toBe('dropped')
    await page.context().close()
  })

  test('cancel an upload, of which nothing is left', async () => {
    const page = await inFolder('cancelled')
    await page.route('**/api/storage/local/**', (route) =>
      ['PUT', 'POST', 'PATCH'].includes(route.request().method()) ? undefined : route.continue(),
    )
    await choose(page, file('big', 'x'))
    await page.getByRole('button', { name: 'Cancel big' }).click()
    await page.getByText('Not uploaded', { exact: true }).waitFor()
    expect(await readdir(join(mine, 'cancelled'))).toEqual([])
    await page.context().close()
  })

  test('see at once what a program makes, renames and removes, also where there is more than a page', async () => {
    const page = await inFolder('live')
    for (let i = 0; i < 250; i++) await writeFile(join(mine, 'live', `file ${String(i).padStart(3, '0')}`), '')
    await entry(page, 'file 199').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await entry(page, 'file 249').waitFor()
    await rename(join(mine, 'live/file 249'), join(mine, 'live/file 248 and a half'))
    await entry(page, 'file 248 and a half').waitFor()
    await entry(page, 'file 249').waitFor({ state: 'detached' })
    await rm(join(mine, 'live'), { recursive: true })
    await page.getByText('This folder is not there any more.').waitFor()
    await page.getByRole('link', { name: 'Go to the folder above' }).click()
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('link', { name: '/local', exact: true }).waitFor()
    await page.context().close()
  })

  test('download a file as it is', async () => {
    const page = await inFolder('down')
    await writeFile(join(mine, 'down/100% #1.txt'), 'content')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download 100% #1.txt' }).click(),
    ])
    expect([download.suggestedFilename(), await readFile(await download.path(), 'utf8')]).toEqual(['100% #1.txt', 'content'])
    await page.context().close()
  })
})

test('a domain that is read-only or away says so in words, and comes back by itself', async () => {
  const page = await filesOf()
  let state: object = { writable: false }
  const { items } = await clientOf(system, alice).call(contract.listDomains)
  await page.route('**/api/storage', (route) =>
    route.fulfill({ json: { items: items.map((one) => (one.name === 'remote' ? { ...one, ...state } : one)) } }),
  )
  await page.goto(`${system.url}/#/files/remote`)
  await page.getByText('It is read-only at the moment.').waitFor()
  await page.getByText('This folder is empty.').waitFor()
  expect(await page.getByRole('button', { name: 'Upload' }).count()).toBe(0)
  expect(await complaintsOfAxe(page)).toEqual([])
  const detail = 'The storage behind this domain does not answer at the moment.'
  const away = (path: string) =>
    page.route(path, (route) => route.fulfill({ status: 503, json: { title: 'x', status: 503, detail, code: 'domain-away' } }))
  await away('**/api/storage/remote/**')
  state = { writable: false, away: true }
  await page.goto(`${system.url}/#/files/local`)
  await page.goto(`${system.url}/#/files/remote`)
  await page.getByText(detail).waitFor()
  await picture(page, 'files-away')
  expect(await complaintsOfAxe(page)).toEqual([])
  expect(await page.getByText('Karvdash cannot be reached').count()).toBe(0)
  state = {}
  await page.unroute('**/api/storage/remote/**')
  await page.getByRole('button', { name: 'Upload' }).waitFor()
  await page.context().close()
})

test('attack: names are text that shows what they are, and a page that lies in a folder runs nowhere', async () => {
  const page = await inFolder('hostile')
  const alerts: string[] = []
  page.on('dialog', (dialog) => void dialog.dismiss().finally(() => alerts.push(dialog.message())))
  for (const name of hostile) await writeFile(join(mine, 'hostile', name), '<script>alert(document.domain)</script>')
  const shown = page.locator('.entry .entry-name')
  await until('all of them', async () => (await shown.count()) === hostile.length)
  expect((await shown.allTextContents()).sort()).toEqual(
    [
      '<img src=x onerror=alert(1)>.html',
      'line\u2039U+000A\u203abreak',
      '\u2039U+202E\u203agnp.exe',
      '\u00e9'.repeat(127),
      '  spaces  ',
      '%2e%2e',
    ].sort(),
  )
  const address = await page.getByRole('link', { name: 'Download <img' }).getAttribute('href')
  const answer = await page.goto(system.url + address).catch((error: Error) => error.message)
  expect(answer).toContain('Download is starting')
  expect(alerts).toEqual([])
  await page.context().close()
})

test('with the keyboard alone people go into a folder and delete what is there', async () => {
  await mkdir(join(mine, 'keys/inner'), { recursive: true })
  await writeFile(join(mine, 'keys/inner/old'), '')
  const page = await filesOf({}, 'files/local/keys')
  const press = async (role: 'link' | 'button', name: string) => {
    await page.getByRole(role, { name }).focus()
    await page.keyboard.press('Enter')
  }
  await press('link', 'inner')
  await entry(page, 'old').waitFor()
  await press('button', 'Delete old')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('This folder is empty.').waitFor()
  expect(existsSync(join(mine, 'keys/inner/old'))).toBe(false)
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
  await page.context().close()
})
