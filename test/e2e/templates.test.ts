import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract, type Launch } from '@karvdash/common'
import { runPod } from '../support/pods.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

const user = `te${Date.now().toString(36)}`
let system: System
let client: Client

beforeAll(async () => {
  system = await openSystem()
  client = clientOf(system, await activeUser(system, user))
}, 60_000)
afterAll(() => system?.close())

/** Launches a service and comes back when it runs. */
async function running(launch: Partial<Launch> & Pick<Launch, 'template'>): Promise<string> {
  const { name } = await client.call(contract.launchService, { body: launch })
  await until(
    `${name} to run`,
    async () => {
      const { state, reason } = await client.call(contract.getService, { params: { service: name } })
      if (state === 'Failed') throw new Error(reason)
      return state === 'Running'
    },
    120_000,
  )
  return name
}
const inPod = (pod: string, script: string) => system.kubectlAs(user, 'exec', pod, '--', 'sh', '-c', script)

test('mpirun starts on all nodes of an MPI cluster at once, as often as it is called, and its results lie in /local', async () => {
  await running({
    template: 'mpi',
    values: { nodes: 3, slots: 2, size: 'custom', memory: '256Mi', cpu: '1' },
  })
  for (let round = 0; round < 2; round++) {
    const lines = (await inPod('mpi-0', 'mpirun hostname 2>&1 | tee hosts.txt')).trim().split('\n').sort()
    expect(lines).toEqual(['mpi-0', 'mpi-0', 'mpi-1', 'mpi-1', 'mpi-2', 'mpi-2'])
  }
  expect((await inPod('mpi-2', 'sort -u /local/hosts.txt')).trim().split('\n')).toEqual(['mpi-0', 'mpi-1', 'mpi-2'])
  expect((await inPod('mpi-0', `mpirun -np 3 --map-by node sh -c 'echo $HOME'`)).trim().split('\n')).toEqual(
    Array(3).fill('/local'),
  )
  await client.call(contract.deleteService, { params: { service: 'mpi' } })
}, 180_000)

test('a thousand messages that one pod writes to Kafka are read by another', async () => {
  await running({ template: 'kafka', values: { memory: '768Mi' } })
  const image = 'docker.io/apache/kafka:4.3.1'
  const read = '/opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka:9092 --topic news --from-beginning'
  const kafka = (name: string, script: string) => runPod(system, { user, name, script, runAs: 1000, image, limitMs: 120_000 })
  await kafka('producer', 'seq 1000 | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server kafka:9092 --topic news')
  const received = await kafka('consumer', `${read} --max-messages 1000 --timeout-ms 20000`)
  const numbers = received
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
  expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1))
  await client.call(contract.deleteService, { params: { service: 'kafka' } })
}, 240_000)
