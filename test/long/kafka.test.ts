import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract } from '@karvdash/common'
import { picture, signedIn } from '../stories/acts.ts'
import { runPod } from '../support/pods.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

const user = `ka${Date.now().toString(36)}`
let system: System
let person: System['admin']
let client: Client

beforeAll(async () => {
  system = await openSystem()
  person = await activeUser(system, user)
  client = clientOf(system, person)
}, 60_000)
afterAll(() => system?.close())

const isRunning = () =>
  until(
    'kafka to run',
    async () => (await client.call(contract.getService, { params: { service: 'kafka' } })).state === 'Running',
    300_000,
  )

test('three brokers keep what was written while one of them is gone, and through a stop', async () => {
  await client.call(contract.launchService, { body: { template: 'kafka', values: { brokers: 3, memory: '768Mi' } } })
  await isRunning()
  const image = 'docker.io/apache/kafka:4.3.1'
  const kafka = (name: string, script: string) => runPod(system, { user, name, script, runAs: 1000, image, limitMs: 180_000 })
  const server = '--bootstrap-server kafka:9092 --topic news'
  const read = `/opt/kafka/bin/kafka-console-consumer.sh ${server} --from-beginning --max-messages 1000 --timeout-ms 120000`
  const all = 'Processed a total of 1000 messages'
  await kafka('producer', `seq 1000 | /opt/kafka/bin/kafka-console-producer.sh ${server}`)
  const page = await signedIn(system, person)
  await page.goto(`${system.url}/#/services/kafka`)
  await page.getByRole('heading', { name: 'Steps' }).waitFor()
  // Its own drawing comes after the words.
  await page.locator('h1 circle').first().waitFor()
  await picture(page, 'kafka')
  await page.context().close()
  await system.kubectlAs(user, 'delete', 'pod', 'kafka-1', '--wait=false')
  expect(await kafka('meanwhile', read)).toContain(all)
  await client.call(contract.stopService, { params: { service: 'kafka' } })
  await until('its pods to end', async () => (await system.kubectlAs(user, 'get', 'pods', '-o', 'name')).trim() === '', 60_000)
  await client.call(contract.resumeService, { params: { service: 'kafka' } })
  await isRunning()
  expect(await kafka('after', read)).toContain(all)
  await client.call(contract.deleteService, { params: { service: 'kafka' } })
}, 900_000)
