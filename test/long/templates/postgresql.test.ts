import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture, signedIn } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'

const image = 'docker.io/library/postgres:15.20'
let customer: Customer
let database: Running

beforeAll(async () => {
  customer = await openCatalogue('pg', [image])
}, 600_000)
afterAll(() => customer?.close())

/** What psql prints in a pod of its own, errors too; the node may know the way to a service a moment after it runs. */
const psql = (statements: string, { name, password = '', db = 'postgres' }: { name: string; password?: string; db?: string }) =>
  customer.run(
    image,
    `timeout 30 sh -c 'until pg_isready -qh ${name}; do sleep 0.2; done'
    PGPASSWORD='${password}' psql -h ${name} -U postgres -d ${db} -tA -c '${statements}'`,
  )
const inDatabase = (statements: string, password = database.passwords['password'] ?? '') =>
  psql(statements, { name: database.name, password, db: 'lab' })

test('what one pod writes by SQL another reads, with the password that was made for this launch alone', async () => {
  database = await customer.launch('postgresql', { values: { database: 'lab', size: 'custom', memory: '512Mi' } })
  const made = await inDatabase('create table measured as select n, n::bigint * n as square from generate_series(1, 100000) as n')
  expect(made.trim()).toBe('SELECT 100000')
  expect((await inDatabase('select count(*), sum(square) from measured')).trim()).toBe('100000|333338333350000')
  expect(await inDatabase('select 1', 'a guess')).toContain('password authentication failed')
  const page = await signedIn(customer.system, customer.user)
  await page.goto(`${customer.system.url}/#/services/${database.name}`)
  await page.getByText('5432').first().waitFor()
  await picture(page, 'postgresql')
}, 400_000)

test('a query on several processors has the shared memory it wants', async () => {
  const parallel = 'set min_parallel_table_scan_size = 0; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;'
  const wide = 'select count(*) from measured a join measured b using (n) where a.square = b.square'
  expect(await inDatabase(`${parallel} set work_mem = "96MB"; explain ${wide}`)).toContain('Workers Planned')
  expect(await inDatabase(`${parallel} set work_mem = "96MB"; ${wide}`)).toContain('100000')
}, 120_000)

test('a second one beside it knows nothing of the first, neither its tables nor its password', async () => {
  const other = await customer.launch('postgresql', { name: 'beside', values: { size: 'custom', memory: '512Mi' } })
  const password = other.passwords['password'] ?? ''
  expect(password).not.toBe(database.passwords['password'])
  expect((await psql('select datname from pg_database order by 1', { name: 'beside', password })).trim().split('\n')).toEqual([
    'postgres',
    'template0',
    'template1',
  ])
  expect(await psql('select 1', { name: 'beside', password: database.passwords['password'] ?? '' })).toContain(
    'password authentication failed',
  )
  await customer.remove('beside')
}, 400_000)

test('its data are there after a stop, and to whoever launches it again by the new password alone', async () => {
  await customer.stop(database.name)
  await customer.resume(database.name)
  expect((await inDatabase('select count(*) from measured')).trim()).toBe('100000')
  const { passwords } = database
  await customer.remove(database.name)
  database = await customer.launch('postgresql', { values: { password: "it's a new one", database: 'lab', size: 'custom' } })
  const quoted = "it'\\''s a new one"
  expect((await inDatabase('select count(*) from measured', quoted)).trim()).toBe('100000')
  expect(await inDatabase('select 1', passwords['password'])).toContain('password authentication failed')
}, 400_000)
