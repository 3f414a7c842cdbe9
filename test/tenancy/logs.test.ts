import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, createClient, followLogs, type LogLine, type LogNews } from '@karvdash/common'
import { addPod } from '../support/inside.ts'
import { activeUser, basic, clientOf, openSystem, type System, until } from '../support/system.ts'

const user = `lo${Date.now().toString(36)}`
const service = 'hello'
let system: System
let person: { username: string; password: string }
const ends: (() => void)[] = []

beforeAll(async () => {
  system = await openSystem()
  person = await activeUser(system, user)
  await clientOf(system, person).call(contract.launchService, { body: { template: 'hello', name: service } })
}, 60_000)
afterEach(() => {
  for (const end of ends.splice(0)) end()
})
afterAll(() => system?.close())

const client = () => createClient({ url: system.url, headers: () => basic(person), fetch: system.fetch as typeof fetch })
const pod = (name: string, script: string, spec: object = {}) => addPod(system, { user, service, name, script, spec })

/** Follows the logs; what was told so far of some pods. */
function follow(part: Parameters<typeof followLogs>[1]['part'], ...pods: string[]) {
  const controller = new AbortController()
  ends.push(() => controller.abort())
  const told: LogNews[] = []
  const isAsked = (name: string) => pods.length === 0 || pods.includes(name)
  void followLogs(client(), { service, ...(part && { part }), tell: (news) => told.push(news), signal: controller.signal }).catch(
    () => undefined,
  )
  const lines = (): LogLine[] =>
    told.flatMap((news) => (news.type === 'lines' ? news.lines : [])).filter((line) => isAsked(line.pod))
  const notes = () => told.filter((news) => news.type !== 'lines').filter((news) => isAsked(news.pod))
  return { lines, notes }
}

async function download(query: object): Promise<string> {
  return (await client().download(contract.downloadLogs, { params: { service }, query })).text()
}

describe('logs of a service', () => {
  test('of two pods come merged, in the order of their times, with their names', async () => {
    const script = (name: string) => `for n in $(seq 40); do echo ${name} $n; sleep 0.05; done; sleep 1000`
    await Promise.all([pod('left', script('l')), pod('right', script('r'))])
    const { lines } = follow({}, 'left', 'right')
    await until('all lines', async () => lines().length >= 80)
    expect(
      lines()
        .filter(({ pod: of }) => of === 'left')
        .map(({ text }) => text),
    ).toEqual(Array.from({ length: 40 }, (_, n) => `l ${n + 1}`))
    expect(lines()).toHaveLength(80)
    const text = await download({})
    const times = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
    expect(times).toEqual([...times].sort())
    expect(text).toMatch(/^20\S+Z left\/main l 1$/m)
    expect(text).toMatch(/^20\S+Z right\/main r 40$/m)
    expect(await download({ pod: 'left', tailLines: 2 })).toMatch(/^\S+ left\/main l 39\n\S+ left\/main l 40\n$/)
    await system.kubectlAs(user, 'delete', 'pod', 'left', 'right', '--wait=false')
  })

  test('before a crash are there, and those since', async () => {
    await pod('crash', 'if [ -e /run/x/1 ]; then echo second; sleep 1000; fi; touch /run/x/1; echo first; exit 3', {
      restartPolicy: 'Always',
      containers: [
        {
          name: 'main',
          image: 'docker.io/library/debian:bookworm-slim',
          command: ['bash', '-c', 'if [ -e /run/x/1 ]; then echo second; sleep 1000; fi; touch /run/x/1; echo first; exit 3'],
          volumeMounts: [{ name: 'x', mountPath: '/run/x' }],
        },
      ],
      volumes: [{ name: 'x', emptyDir: {} }],
    })
    const { lines, notes } = follow({}, 'crash')
    await until('both runs', async () => lines().length >= 2)
    expect(lines().map(({ text }) => text)).toEqual(['first', 'second'])
    await until('the end of the first', async () => notes().some(({ type }) => type === 'ended'))
    expect(await download({ pod: 'crash', previous: true })).toMatch(/crash\/main first\n$/)
    expect(await download({ pod: 'crash', previous: false })).toMatch(/^\S+ crash\/main second\n$/)
    expect(await download({ pod: 'crash', sinceSeconds: 1000 })).toMatch(/second/)
    await system.kubectlAs(user, 'delete', 'pod', 'crash', '--wait=false')
  })

  test('go on where a pod is replaced while they are followed, and tell so', async () => {
    await pod('one', 'echo one; sleep 1000')
    const { lines, notes } = follow({ tailLines: 10 }, 'one', 'two')
    await until('the first', async () => lines().some(({ text }) => text === 'one'))
    await system.kubectlAs(user, 'delete', 'pod', 'one')
    await pod('two', 'echo two; sleep 1000')
    await until('the second', async () => lines().some(({ text }) => text === 'two'))
    await until('the end of the first', async () => notes().some(({ type, pod: of }) => type === 'ended' && of === 'one'))
    expect(
      notes()
        .map(({ type, pod: of }) => `${type} ${of}`)
        .sort(),
    ).toEqual(['began one', 'began two', 'ended one'])
    await system.kubectlAs(user, 'delete', 'pod', 'two', '--wait=false')
  })

  test('attack: a line without an end, bytes that are no text and control characters come bounded, as text', async () => {
    await pod('wild', `head -c 300000 /dev/zero | tr '\\0' a; printf '\\n\\xff\\x00\\e]0;title\\a\\n'; sleep 1000`)
    const { lines } = follow({ pod: 'wild' }, 'wild')
    await until('both lines', async () => lines().length >= 2)
    const [long, odd] = lines()
    expect(long).toMatchObject({ text: 'a'.repeat(65_536), isCut: true })
    expect(odd?.text).toBe('\ufffd\0\u001b]0;title\u0007')
    await system.kubectlAs(user, 'delete', 'pod', 'wild', '--wait=false')
  })

  test('attack: pods without its label are not told, whatever is asked for', async () => {
    await addPod(system, { user, service: 'other', name: 'outside', script: 'echo mine; sleep 1000' })
    await system.kubectlAs(user, 'wait', '--for=condition=Ready', 'pod/outside', '--timeout=30s')
    const answer = await system.fetch(`${system.url}/api/services/${service}/logs/download?pod=outside`, {
      headers: basic(person),
    })
    expect(answer.status).toBe(404)
    const odd = await system.fetch(`${system.url}/api/services/${service}/logs/download?pod=..%2f..%2fsecrets`, {
      headers: basic(person),
    })
    expect(odd.status).toBe(400)
    const stranger = await activeUser(system, `st${Date.now().toString(36)}`)
    const foreign = await system.fetch(`${system.url}/api/services/${service}/logs/download`, { headers: basic(stranger) })
    expect(foreign.status).toBe(404)
    await system.kubectlAs(user, 'delete', 'pod', 'outside', '--wait=false')
  })

  test('ports of it and of its containers are told, and which of them has an address', async () => {
    const { items } = await client().call(contract.listPorts, { params: { service } })
    expect(items).toContainEqual(
      expect.objectContaining({
        at: 'service',
        of: service,
        protocol: 'TCP',
        url: expect.stringContaining(`${service}-${user}`),
      }),
    )
    expect(items).toContainEqual(expect.objectContaining({ at: 'container', number: 8080 }))
  })

  test('end when the service is deleted', async () => {
    const outcome = followLogs(client(), { service, tell: () => undefined, signal: new AbortController().signal })
    await clientOf(system, person).call(contract.deleteService, { params: { service } })
    await expect(outcome).rejects.toMatchObject({ status: 404 })
  })
})
