import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { run } from '@karvdash/local/command'
import { picture } from '../../stories/acts.ts'
import { type Customer, openCatalogue, type Running } from '../../support/catalogue.ts'
import { until } from '../../support/system.ts'

const image = 'docker.io/library/rabbitmq:4.2.9-management'
const small = { size: 'custom', memory: '512Mi' }
let customer: Customer
let broker: Running

beforeAll(async () => {
  customer = await openCatalogue('ra', [image])
  const packages = join(customer.system.folder('local', customer.user.username), 'packages')
  await mkdir(packages)
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', packages, 'pika==1.3.2'])
}, 900_000)
afterAll(() => customer?.close())

/** Runs Python with an open channel in a pod of its own; gives what it prints. */
const amqp = (lines: string[], { name, passwords }: Running, password = passwords['password'] ?? '') =>
  customer.run(
    'quay.io/jupyter/base-notebook:2026-07-28',
    `PYTHONPATH=/local/packages python3 - <<'END'
import pika
who = pika.PlainCredentials('karvdash', ${JSON.stringify(password)})
try:
    connection = pika.BlockingConnection(pika.ConnectionParameters('${name}', credentials=who, connection_attempts=20, retry_delay=1))
    channel = connection.channel()
    ${lines.join('\n    ')}
    connection.close()
except pika.exceptions.AMQPError as refusal:
    print(type(refusal).__name__)
END
`,
  )

const sends = [
  "channel.queue_declare('work', durable=True)",
  'channel.confirm_delivery()',
  'kept = pika.BasicProperties(delivery_mode=2)',
  "for n in range(1000): channel.basic_publish('', 'work', str(n), kept, mandatory=True)",
]
const takes = (count: number) => [
  `taken = [int(channel.basic_get('work', auto_ack=True)[2]) for n in range(${count})]`,
  'print(taken[0], taken[-1], len(taken))',
]

test('what one pod puts into a queue another takes out, in order', async () => {
  broker = await customer.launch('rabbitmq', { values: small })
  expect((await amqp(sends, broker)).trim()).toBe('')
  expect((await amqp(takes(400), broker)).trim()).toBe('0 399 400')
  expect(await amqp([], broker, 'a guess')).toContain('ProbableAuthenticationError')
}, 600_000)

test('its page shows the queue to whoever knows the password, and its API nothing to anybody else', async () => {
  const page = await customer.window(broker.name)
  page.setDefaultTimeout(60_000)
  await page.locator('input[name="username"]').fill('karvdash')
  await page.locator('input[name="password"]').fill(broker.passwords['password'] ?? '')
  await page.locator('input[type="submit"]').click()
  await page.getByRole('link', { name: 'Queues', exact: true }).click()
  await page.getByRole('link', { name: 'work' }).first().click()
  await page.getByText('600').first().waitFor()
  await picture(page, 'rabbitmq')
  const guess = `Basic ${Buffer.from('guest:guest').toString('base64')}`
  const anybody = `node -e "fetch('http://${broker.name}:15672/api/queues', { headers: { authorization: '${guess}' } }).then(({ status }) => console.log(status))"`
  expect((await customer.run('docker.io/library/node:24-bookworm-slim', anybody)).trim()).toBe('401')
}, 300_000)

test('what was kept is there after a stop, and to whoever launches it again by the new password alone', async () => {
  await customer.stop(broker.name)
  await customer.resume(broker.name)
  expect((await amqp(takes(100), broker)).trim()).toBe('400 499 100')
  const old = broker.passwords['password']
  await customer.remove(broker.name)
  const password = 'with "quotes" and \\ more'
  broker = { ...(await customer.launch('rabbitmq', { values: { ...small, password } })), passwords: { password } }
  expect((await amqp(takes(500), broker)).trim()).toBe('500 999 500')
  expect(await amqp([], broker, old)).toContain('ProbableAuthenticationError')
}, 600_000)

test('another one beside it has queues of its own', async () => {
  const other = await customer.launch('rabbitmq', { name: 'beside', values: small })
  expect(await amqp(takes(1), other)).toContain('ChannelClosedByBroker')
  await until('its page', async () => (await customer.fetch(other.name, '/')).status === 200)
}, 400_000)
