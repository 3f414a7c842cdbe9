import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract, createClient, execProtocol, ticketProtocolPrefix } from '@karvdash/common'
import { addPod } from '../support/inside.ts'
import { activeUser, basic, clientOf, openSystem, type System, until } from '../support/system.ts'
import { rawUpgrade } from '../support/terminals.ts'

type Person = { username: string; password: string }

const user = `lm${Date.now().toString(36)}`
const service = 'hello'
/** A kubelet keeps 10 MiB of each log. */
const pods = ['a', 'b', 'c', 'd', 'e', 'f']
const bytesEach = 9_000_000
let system: System

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

const client = (person: Person) =>
  createClient({ url: system.url, headers: () => basic(person), fetch: system.fetch as typeof fetch })

/** What work does to the most memory that one of the backends has, in MiB. */
async function growthDuring(work: () => Promise<void>): Promise<number> {
  const before = await residentMiB()
  let peak = 0
  const timer = setInterval(() => void residentMiB().then((now) => (peak = Math.max(peak, now))), 200)
  await work().finally(() => clearInterval(timer))
  return peak - before
}

/** The most memory that one of the backends has, in MiB. */
async function residentMiB(): Promise<number> {
  const lines = (await system.node.nsenter('ps', ['-eo', 'rss=,args='])).split('\n').filter((line) => line.includes('/app/main'))
  expect(lines.length).toBeGreaterThan(0)
  return Math.max(...lines.map((line) => Number.parseInt(line, 10) / 1024))
}

test('50 MB of logs of six pods are downloaded in order of time, and memory stays flat', async () => {
  const person = await activeUser(system, user)
  await clientOf(system, person).call(contract.launchService, { body: { template: 'hello', name: service } })
  const script = `yes $(printf 'x%.0s' {1..99}) | head -c ${bytesEach}; echo; echo written; sleep 10000`
  for (const name of pods) await addPod(system, { user, service, name, script })
  for (const name of pods)
    await until(
      `${name} to have printed all`,
      async () => (await system.kubectlAs(user, 'logs', name, '--tail=1')).includes('written'),
      120_000,
    )
  let bytes = 0
  const growth = await growthDuring(async () => {
    const { body } = await client(person).download(contract.downloadLogs, { params: { service }, query: {} })
    let rest = ''
    let last = ''
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const at = line.slice(0, 30)
        if (at < last) throw new Error(`${at} came after ${last}`)
        last = at
      }
    }
  })
  expect(bytes).toBeGreaterThan(pods.length * bytesEach)
  expect(growth).toBeLessThan(100)
  for (const name of pods) await system.kubectlAs(user, 'delete', 'pod', name, '--wait=false')
}, 600_000)

test('attack: terminals that print without end, to readers that take nothing, leave memory flat, and the program waits', async () => {
  const person = { username: user, password: `the password of ${user}` }
  await addPod(system, { user, service, name: 'flood', script: 'sleep 10000' })
  await system.kubectlAs(user, 'wait', '--for=condition=Ready', 'pod/flood', '--timeout=60s')
  const printed = async () => Number((await system.kubectlAs(user, 'exec', 'flood', '--', 'cat', '/tmp/count')).split(' ')[0])
  const script = 'n=0; while :; do head -c 100000 /dev/zero | tr "\\0" x; n=$((n+1)); echo $n > /tmp/count; done'
  const sockets: { destroy(): void }[] = []
  const growth = await growthDuring(async () => {
    for (let n = 0; n < 4; n++) {
      const body = { pod: 'flood', command: ['sh', '-c', script] }
      const { ticket } = await client(person).call(contract.startExec, { params: { service }, body })
      const protocols = `Sec-WebSocket-Protocol: ${execProtocol}, ${ticketProtocolPrefix}${ticket}`
      const { socket } = await rawUpgrade(system, ['GET /api/exec HTTP/1.1', protocols])
      sockets.push(socket.pause())
    }
    let last = -1
    await until('the programs to wait', async () => {
      const before = last
      last = await printed()
      return before === last
    })
  })
  for (const socket of sockets) socket.destroy()
  expect(growth).toBeLessThan(100)
  await clientOf(system, person).call(contract.deleteService, { params: { service } })
}, 120_000)
