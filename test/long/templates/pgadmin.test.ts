import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Frame, Page } from 'playwright-core'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const postgres = 'docker.io/library/postgres:15.20'
const images = [postgres, 'docker.io/dpage/pgadmin4:9.18', 'docker.io/nginxinc/nginx-unprivileged:1.27']
const password = 'a: b\\ and "c"'
let customer: Customer
let pgadmin: Running
let page: Page

beforeAll(async () => {
  customer = await openCatalogue('pa', images)
  await customer.launch('postgresql', { name: 'tides', values: { password, size: 'custom', memory: '512Mi' } })
  const script = `create table heights (hour int, metres numeric); insert into heights values (0, 1.2), (6, 3.9), (12, 1.1)`
  await customer.run(
    postgres,
    `timeout 30 sh -c 'until pg_isready -qh tides; do sleep 0.2; done'
    PGPASSWORD='${password}' psql -h tides -U postgres -c '${script}'`,
  )
}, 900_000)
afterAll(() => customer?.close())

/** Opens nodes of the tree of servers, each in the one before it; a second double click on a slow one would close it again, so each look begins at the root. */
async function unfold(...path: (string | RegExp)[]): Promise<void> {
  const at = (name: string | RegExp = '') => page.locator('#tree, [role="tree"], .file-tree').first().getByText(name).first()
  await until(
    `${path.at(-1)} to be shown`,
    async () => {
      const shown = await Promise.all(path.map((name) => at(name).isVisible()))
      if (shown.at(-1)) return true
      const last = shown.lastIndexOf(true)
      await at(path[last]).dblclick({ timeout: 5000 })
      await at(path[last + 1]).waitFor({ timeout: 15_000 })
      return false
    },
    180_000,
  )
}

test('its owner lands in pgAdmin with the database of theirs, which opens without a password', async () => {
  const values = { server: 'tides', password, size: 'custom', memory: '640Mi' }
  pgadmin = await customer.launch('pgadmin', { values })
  page = await customer.window(pgadmin.name)
  page.setDefaultTimeout(90_000)
  await page.getByText('Object Explorer').first().waitFor()
  await unfold('Servers', 'tides', /^Databases/, 'postgres')
}, 600_000)

/** The query tool, which is a page of its own inside pgAdmin's. */
const queryTool = () =>
  until(
    'the query tool',
    async (): Promise<Frame | false> => {
      const frames = await Promise.all(
        page.frames().map(async (frame) => ({ frame, isEditor: await frame.locator('.cm-content').first().isVisible() })),
      )
      return frames.find(({ isEditor }) => isEditor)?.frame ?? false
    },
    90_000,
  )

test('its owner asks a database in SQL on the page, and what was changed there is so for everybody', async () => {
  await page.locator('.file-tree').getByText('postgres', { exact: true }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Query Tool' }).click()
  const tool = await queryTool()
  await tool.locator('.cm-content').first().click()
  await page.keyboard.insertText('update heights set metres = metres + 0.5 where hour = 6 returning hour, metres')
  await tool.getByRole('button', { name: 'Execute script' }).click()
  await tool.getByRole('gridcell', { name: '4.4' }).waitFor()
  await picture(page, 'pgadmin')
  const asked = await customer.run(
    postgres,
    `PGPASSWORD='${password}' psql -h tides -U postgres -tAc 'select metres from heights where hour = 6'`,
  )
  expect(asked.trim()).toBe('4.4')
}, 400_000)

test('attack: whoever reaches the pod past the gate, or shows another secret, gets nothing', async () => {
  const status = (at: string, headers: string) =>
    customer.run(
      'docker.io/library/node:24-bookworm-slim',
      `node -e "fetch('http://${at}/browser/', { headers: ${headers} }).then(({ status }) => status, ({ cause }) => cause.code).then((said) => console.log(said))"`,
    )
  expect((await status(pgadmin.name, '{}')).trim()).toBe('401')
  expect((await status(pgadmin.name, "{ authorization: 'Bearer a guess' }")).trim()).toBe('401')
  const address = await customer.system.kubectlAs(
    customer.user.username,
    ...['get', 'pods', '-l', `app=${pgadmin.name}`, '-o', 'jsonpath={.items[0].status.podIP}'],
  )
  expect((await status(`${address}:5050`, '{}')).trim()).toBe('ECONNREFUSED')
}, 300_000)

test('its settings are there after a stop, with the server once, and another beside it has its own', async () => {
  const servers = async () =>
    (
      await customer.exec(
        `deploy/${pgadmin.name}`,
        `/venv/bin/python3 -c "
import sqlite3, os
print(sqlite3.connect(os.environ['SETTINGS'] + '/pgadmin4.db').execute('select host from server').fetchall())"`,
        'pgadmin',
      )
    ).trim()
  expect(await servers()).toBe("[('tides',)]")
  await customer.stop(pgadmin.name)
  await customer.resume(pgadmin.name)
  expect(await servers()).toBe("[('tides',)]")
  const other = await customer.launch('pgadmin', { name: 'beside', values: { server: 'elsewhere', size: 'custom' } })
  expect((await until('the way to it', async () => customer.fetch(other.name, '/browser/'))).status).toBe(200)
}, 600_000)
