import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const image = 'docker.io/nginxinc/nginx-unprivileged:1.27'
const small = { size: 'custom', memory: '64Mi' }
// A name that would be configuration, were it printed into it.
const folder = 'A "site"; of {$mine}'
let customer: Customer
let site: Running
const onHost = (...names: string[]) => join(customer.system.folder('local', customer.user.username), ...names)

beforeAll(async () => {
  customer = await openCatalogue('ng', [image])
  await mkdir(onHost(folder, 'data'), { recursive: true })
  await writeFile(
    onHost(folder, 'index.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tides</title><h1>Tides of the harbour</h1>
    <p>High water at 06:12 and 18:40. <a href="data">The measurements</a> are below.</p></html>`,
  )
  await writeFile(onHost(folder, 'data', 'tides.csv'), 'hour,metres\n0,1.2\n6,3.9\n')
}, 600_000)
afterAll(() => customer?.close())

const get = async (path: string, service = site.name) => {
  const answer = await customer.fetch(service, path)
  return { status: answer.status, text: await answer.text() }
}

test('a folder is a site to its owner: its pages, its files, and what was saved a moment ago', async () => {
  site = await customer.launch('nginx', { values: { ...small, folder: `/local/${folder}` } })
  expect(await get('/')).toMatchObject({ status: 200, text: expect.stringContaining('Tides of the harbour') })
  const moved = await customer.fetch(site.name, '/data')
  expect([moved.status, moved.headers.get('location')]).toEqual([301, '/data/'])
  expect((await get('/data/')).text).toContain('tides.csv')
  await writeFile(onHost(folder, 'data', 'tides.csv'), 'hour,metres\n0,1.3\n')
  expect((await get('/data/tides.csv')).text).toBe('hour,metres\n0,1.3\n')
  const page = await customer.window(site.name)
  await page.getByRole('link', { name: 'The measurements' }).click()
  await page.getByRole('link', { name: 'tides.csv' }).waitFor()
  await picture(page, 'nginx')
}, 400_000)

test('attack: whoever reaches the pod past the gate, or shows another secret, gets nothing', async () => {
  const status = (headers: string) =>
    customer.run(
      'docker.io/library/node:24-bookworm-slim',
      `node -e "fetch('http://${site.name}/', { headers: ${headers} }).then((answer) => console.log(answer.status))"`,
    )
  expect((await status('{}')).trim()).toBe('401')
  expect((await status("{ authorization: 'Bearer a guess' }")).trim()).toBe('401')
  const anyone = await customer.system.fetch(site.url)
  expect(anyone.status).not.toBe(200)
}, 120_000)

test('attack: a link that somebody put into the folder does not lead out of it', async () => {
  await writeFile(onHost('diary.txt'), 'not for others')
  await symlink('/local/diary.txt', onHost(folder, 'diary.txt'))
  await symlink('/local', onHost(folder, 'all'))
  await symlink('/etc/nginx/conf.d', onHost(folder, 'conf'))
  for (const path of ['/diary.txt', '/all/diary.txt', '/conf/door.conf', '/all/', '/%2e%2e/diary.txt', '/..%2fdiary.txt'])
    expect({ path, text: (await get(path)).text }).toEqual({ path, text: expect.not.stringMatching(/not for others|Bearer/) })
}, 120_000)

test('another one beside it shows another folder, and no list where none is wanted', async () => {
  const values = { ...small, folder: `/local/${folder}/data`, list: false }
  const other = await customer.launch('nginx', { name: 'beside', values })
  expect((await get('/tides.csv', other.name)).status).toBe(200)
  expect((await get('/', other.name)).status).toBe(403)
  expect((await get('/')).status).toBe(200)
}, 400_000)

test('it is there again after a stop', async () => {
  await customer.stop(site.name)
  await customer.resume(site.name)
  await until('the way to it', async () => (await get('/')).text.includes('Tides of the harbour'))
}, 400_000)
