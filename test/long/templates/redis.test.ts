import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { picture, signedIn } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'

const image = 'docker.io/library/redis:7.2.16'
const small = { size: 'custom', memory: '128Mi' }
let customer: Customer
let store: Running

beforeAll(async () => {
  customer = await openCatalogue('re', [image])
}, 600_000)
afterAll(() => customer?.close())

/** What redis-cli prints to these lines in a pod of its own; the node may know the way to a service a moment after it runs. */
const redis = (lines: string[], { name, passwords }: Running, password = passwords['password']) =>
  customer.run(
    image,
    `timeout 30 sh -c 'until redis-cli -h ${name} ping >/dev/null 2>&1; do sleep 0.2; done'
    REDISCLI_AUTH='${password}' redis-cli -h ${name} <<'END'\n${lines.join('\n')}\nEND\n`,
  )

/** Writes three times what its half of the memory holds; counts what it said to that. */
const filled = ({ name, passwords }: Running, password = passwords['password']) =>
  customer.run(
    image,
    `timeout 30 sh -c 'until redis-cli -h ${name} ping >/dev/null 2>&1; do sleep 0.2; done'
    megabyte=$(head -c 1000000 /dev/zero | tr '\\0' x)
    for n in $(seq 200); do echo "set big$n $megabyte"; done | REDISCLI_AUTH='${password}' redis-cli -h ${name} | sort | uniq -c`,
  )

test('what one pod sets another gets, with the password that was made for this launch alone', async () => {
  store = await customer.launch('redis', { values: small })
  await redis(['set greeting hello', 'incrby counter 41', 'lpush queue one two three'], store)
  expect((await redis(['get greeting', 'incr counter', 'llen queue'], store)).trim().split('\n')).toEqual(['hello', '42', '3'])
  expect(await redis(['get greeting'], store, 'a guess')).toContain('NOAUTH')
  const page = await signedIn(customer.system, customer.user)
  await page.goto(`${customer.system.url}/#/services/${store.name}/logs`)
  await page.getByText('Ready to accept connections').first().waitFor()
  await picture(page, 'redis')
}, 400_000)

test('what it holds is there after a stop, and to whoever launches it again with another password', async () => {
  await customer.stop(store.name)
  await customer.resume(store.name)
  expect((await redis(['get counter'], store)).trim()).toBe('42')
  await customer.remove(store.name)
  store = await customer.launch('redis', { values: { ...small, password: 'of "quotes" and \\ more' } })
  expect((await redis(['get counter'], store, 'of "quotes" and \\ more')).trim()).toBe('42')
}, 400_000)

test('one that forgets and one that refuses stand side by side, and neither outgrows its memory', async () => {
  const quoted = 'of "quotes" and \\ more'
  const full = await filled(store, quoted)
  expect(full).toMatch(/\d+ OK/)
  expect(full).toMatch(/\d+ OOM command not allowed/)
  const cache = await customer.launch('redis', { name: 'cache', values: { ...small, full: 'allkeys-lru' } })
  expect((await filled(cache)).trim()).toBe('200 OK')
  const kept = Number((await redis(['dbsize'], cache)).trim())
  expect(kept).toBeGreaterThan(20)
  expect(kept).toBeLessThan(64)
  const restarts = await customer.system.kubectlAs(
    customer.user.username,
    ...['get', 'pods', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount}'],
  )
  expect(restarts).toBe('0 0')
}, 400_000)
