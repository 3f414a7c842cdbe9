import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract, createClient, execProtocol, type Problem, ticketProtocolPrefix } from '@karvdash/common'
import { addPod } from '../support/inside.ts'
import { activeUser, basic, clientOf, openSystem, type System, until } from '../support/system.ts'
import { rawUpgrade, type Session, socketsOf, upgradeStatus } from '../support/terminals.ts'

const stamp = Date.now().toString(36)
const service = 'hello'
type Person = { username: string; password: string }
let system: System
let sockets: Awaited<ReturnType<typeof socketsOf>>
let alice: Person
let bob: Person

beforeAll(async () => {
  system = await openSystem()
  sockets = await socketsOf(system)
  const both = await Promise.all([newcomer('ta'), newcomer('tb')])
  alice = both[0]
  bob = both[1]
}, 90_000)
afterAll(async () => {
  await sockets?.dispatcher.destroy()
  await system?.close()
})

/** A user with a service, and a pod of it with a shell. */
async function newcomer(name: string): Promise<Person> {
  const person = await activeUser(system, `${name}${stamp}`)
  await clientOf(system, person).call(contract.launchService, { body: { template: 'hello', name: service } })
  await shellPod(person)
  return person
}

async function shellPod({ username: user }: Person, name = 'shell'): Promise<void> {
  await addPod(system, { user, service, name, script: 'trap exit TERM; while true; do sleep 1; done' })
  await system.kubectlAs(user, 'wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s')
}

const pod = 'shell'
const open = (person: Person, options: object = {}) => sockets.open(person, service, { pod, ...options })
const ticketOf = (person: Person, body: object = { pod }, of = service) =>
  clientOf(system, person).call(contract.startExec, { params: { service: of }, body })
const withTicket = (ticket: string) => [`Sec-WebSocket-Protocol: ${execProtocol}, ${ticketProtocolPrefix}${ticket}`]
const knock = async (ticket: string, ...more: string[]) =>
  upgradeStatus(system, ['GET /api/exec HTTP/1.1', ...withTicket(ticket), ...more])

async function ended(session: Session) {
  const outcome = await session.over()
  return outcome.type === 'exit' ? outcome.code : outcome
}

describe('a terminal', () => {
  test('is the better shell, echoes, has the size it is given, and tells the exit code', async () => {
    const session = await open(alice)
    session.type('echo $0 $((40+2))\r')
    await session.shows('/bin/bash 42')
    session.resize({ columns: 123, rows: 45 })
    // What is typed is not kept waiting for the size.
    session.type('until [ "$(stty size)" = "45 123" ]; do sleep 0.1; done; stty size\r')
    await session.shows(/^45 123\r$/m)
    session.type('exit 3\r')
    expect(await ended(session)).toBe(3)
  })

  test('runs the command that it is given, as it is, and tells where there is no such program', async () => {
    expect(await ended(await open(alice, { command: ['true'] }))).toBe(0)
    const odd = await open(alice, { command: ['printf', '[%s]', 'a b', '$(id)', '; exit 9'] })
    expect(await ended(odd)).toBe(0)
    expect(odd.text()).toBe('[a b][$(id)][; exit 9]')
    const none = await open(alice, { command: ['no-such-program'] })
    expect(await ended(none)).toBe(127)
    expect(none.text()).toContain('no-such-program: not found')
  })

  test('of a container without a shell says so', async () => {
    const image = 'registry.k8s.io/pause:3.10'
    const { stdout } = { stdout: await system.kubectl('get', 'pods', '-A', '-o', 'jsonpath={..image}') }
    const pause = stdout.split(/\s+/).find((name) => name.includes('pause')) ?? image
    await addPod(system, {
      user: alice.username,
      service,
      name: 'bare',
      script: '',
      spec: { containers: [{ name: 'main', image: pause }] },
    })
    await system.kubectlAs(alice.username, 'wait', '--for=condition=Ready', 'pod/bare', '--timeout=60s')
    const session = await open(alice, { pod: 'bare' })
    expect(await session.over()).toMatchObject({ type: 'exit', code: null, reason: expect.stringContaining('no shell') })
  })

  test('takes 5 MB and gives them back without loss', async () => {
    const bytes = randomBytes(2_500_000).toString('hex')
    const session = await open(alice)
    session.type('stty raw -echo; echo re""ady; head -c 5000000 > /tmp/in; sha256sum < /tmp/in; stty sane; echo fin""ished\r')
    await session.shows('ready')
    session.type(bytes)
    const digest = createHash('sha256').update(bytes).digest('hex')
    await session.shows(digest)
    await session.shows('finished')
    const before = session.size()
    session.type('stty -onlcr; cat /tmp/in; exit\r')
    expect(await ended(session)).toBe(0)
    expect(session.size() - before).toBeGreaterThanOrEqual(5_000_000)
    expect(session.text()).toContain(bytes)
  }, 90_000)

  test('stops a program at Ctrl-C', async () => {
    const session = await open(alice)
    session.type('echo be""gun; sleep 1000\r')
    await session.shows('begun')
    session.type('\x03')
    session.type('echo $?\r')
    await session.shows(/\b130\b/)
    session.close()
  })

  test('that is closed leaves no program behind', async () => {
    const session = await open(alice)
    session.type('exec sleep 987654\r')
    const count = () => system.kubectlAs(alice.username, 'exec', pod, '--', 'sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "')
    await until('the program', async () => (await count()).includes('sleep 987654'))
    session.close()
    await until('it to end', async () => !(await count()).includes('sleep 987654'))
  })

  test('is in the audit log with who, service, pod and container, and not with what is typed', async () => {
    const session = await open(alice)
    session.type('echo typed-secret\r')
    await session.shows('typed-secret')
    session.close()
    const audit = await clientOf(system, system.admin).call(contract.listAudit, { query: { user: alice.username } })
    expect(audit.items).toContainEqual(
      expect.objectContaining({
        operation: 'GET /api/exec',
        user: alice.username,
        target: `${service} ${pod} main`,
        via: 'basic',
      }),
    )
    expect(JSON.stringify(audit)).not.toContain('typed-secret')
    expect(await system.kubectl('logs', '-n', 'karvdash', 'deployment/karvdash', '--tail=500')).not.toContain('typed-secret')
  })
})

describe('attack: a ticket', () => {
  test('is good for one use', async () => {
    const { ticket } = await ticketOf(alice)
    expect(await knock(ticket)).toBe(101)
    expect(await knock(ticket)).toBe(403)
  })

  test('that is changed, or none, opens nothing, whatever else is shown', async () => {
    const { ticket } = await ticketOf(alice)
    const changed = `${ticket.slice(0, -8)}AAAAAAAA`
    expect(await knock(changed)).toBe(403)
    const authorization = `Authorization: ${basic(alice).authorization}`
    expect(await upgradeStatus(system, ['GET /api/exec HTTP/1.1', authorization])).toBe(401)
    expect(
      await upgradeStatus(system, ['GET /api/exec HTTP/1.1', `Sec-WebSocket-Protocol: ${execProtocol}`, authorization]),
    ).toBe(401)
  })

  test('of a browser’s session is no good for a page of another origin', async () => {
    const { host, origin } = new URL(system.url)
    const signedIn = await system.fetch(`${system.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify(alice),
    })
    const { csrf } = (await signedIn.json()) as { csrf: string }
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const headers = { 'content-type': 'application/json', origin, cookie, 'x-karvdash-csrf': csrf }
    const ticket = async () => {
      const answer = await system.fetch(`${system.url}/api/services/${service}/exec`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ pod }),
      })
      return ((await answer.json()) as { ticket: string }).ticket
    }
    expect(await knock(await ticket(), `Origin: https://${service}-${bob.username}.${host}`)).toBe(403)
    expect(await knock(await ticket())).toBe(403)
    expect(await upgradeStatus(system, ['GET /api/exec HTTP/1.1', `Cookie: ${cookie}`, `Origin: ${origin}`])).toBe(401)
    expect(await knock(await ticket(), `Origin: ${origin}`)).toBe(101)
  })

  test('for what is somebody else’s, or no pod of the service, is not given', async () => {
    const refused = (call: Promise<unknown>) =>
      call.then(
        () => 0,
        (problem: unknown) => (problem as Problem).status,
      )
    await addPod(system, { user: alice.username, service: 'other', name: 'outside', script: 'sleep 1000' })
    await system.kubectlAs(alice.username, 'wait', '--for=condition=Ready', 'pod/outside', '--timeout=60s')
    expect(await refused(ticketOf(alice, { pod: 'outside' }))).toBe(404)
    expect(await refused(ticketOf(alice, { pod: 'shell' }, 'missing'))).toBe(404)
    expect(await refused(ticketOf(alice, { pod: '../../x' }))).toBe(400)
    expect(await refused(ticketOf(alice, { command: [] }))).toBe(400)
    expect(await refused(ticketOf(alice, { command: ['a\0b'] }))).toBe(400)
    expect(await refused(ticketOf(alice, { command: ['x'.repeat(5000)] }))).toBe(400)
    await system.kubectlAs(alice.username, 'delete', 'pod', 'outside', '--wait=false')
  })

  test('of a read-only token is not given', async () => {
    const draft = { name: 'reader', days: 1, scopes: ['services', 'read-only'] as const }
    const { secret } = await clientOf(system, alice).call(contract.createToken, { body: { ...draft, scopes: [...draft.scopes] } })
    const reader = createClient({
      url: system.url,
      headers: () => ({ authorization: `Bearer ${secret}` }),
      fetch: system.fetch as typeof fetch,
    })
    await expect(reader.call(contract.startExec, { params: { service }, body: {} })).rejects.toMatchObject({ status: 403 })
  })
})

describe('attack: an upgrade', () => {
  test('anywhere else is refused, and one without upgrading is told what to do', async () => {
    expect(await upgradeStatus(system, ['GET /api/services HTTP/1.1'])).toBe(404)
    expect(await upgradeStatus(system, ['GET /api/exec?x HTTP/1.1'])).toBe(404)
    expect((await system.fetch(`${system.url}/api/exec`)).status).toBe(426)
  })

  test('with a frame that is too long, or of another kind, closes the terminal', async () => {
    for (const [frame, code] of [
      [Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 2, 3, 4]), 1009],
      [Buffer.from([0x81, 0x82, 0, 0, 0, 0, ...Buffer.from('{}')]), 1007],
      [Buffer.from([0x82, 0x01, 0x41]), 1002],
    ] as const) {
      const { ticket } = await ticketOf(alice)
      const { socket, answer } = await rawUpgrade(system, ['GET /api/exec HTTP/1.1', ...withTicket(ticket)])
      expect(answer).toMatch(/^HTTP\/1\.1 101/)
      const all: Buffer[] = []
      socket.on('data', (bytes: Buffer) => all.push(bytes))
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.write(frame)
      await closed
      expect(Buffer.concat(all).includes(Buffer.from([code >> 8, code & 0xff]))).toBe(true)
    }
  })

  test('more of a user than there may be is refused, until one is closed', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => open(bob)))
    // Each of the replicas counts its own.
    const more: Session[] = []
    const refusal = await (async () => {
      for (let n = 0; n < 12; n++) {
        try {
          more.push(await open(bob))
        } catch (problem) {
          return problem as Problem
        }
      }
      return undefined
    })()
    expect(refusal?.status === 429 || refusal?.status === 503).toBe(true)
    for (const session of [...sessions, ...more]) session.close()
    await until('room again', async () => {
      const session = await open(bob).catch(() => undefined)
      session?.close()
      return session !== undefined
    })
  }, 60_000)

  test('a thousand times without a right leaves the others in peace', async () => {
    const session = await open(alice)
    const wave = () => Promise.all(Array.from({ length: 50 }, () => knock('x'.repeat(2000))))
    for (let n = 0; n < 20; n++) expect(new Set(await wave())).toEqual(new Set([403]))
    session.type('echo still he""re\r')
    await session.shows('still here')
    session.close()
  }, 90_000)
})

describe('a terminal is closed', () => {
  test('within seconds when its user is deactivated', async () => {
    const session = await open(bob)
    session.type('echo be""gun\r')
    await session.shows('begun')
    const change = (active: boolean) =>
      clientOf(system, system.admin).call(contract.changeUser, { params: { user: bob.username }, body: { active } })
    await change(false)
    expect(await session.over()).toMatchObject({ type: 'break', again: 'never' })
    await change(true)
  })

  test('when the token it was opened by is revoked', async () => {
    const account = clientOf(system, alice)
    const { secret, id } = await account.call(contract.createToken, { body: { name: 'cli', days: 1, scopes: ['services'] } })
    const session = await open({ username: alice.username, password: secret })
    session.type('echo be""gun\r')
    await session.shows('begun')
    await account.call(contract.deleteToken, { params: { token: id } })
    expect(await session.over()).toMatchObject({ type: 'break', again: 'never' })
  })

  test('when a replica stops, and says that another opens a new shell', async () => {
    const session = await open(alice)
    session.type('echo be""gun\r')
    await session.shows('begun')
    await system.kubectl('rollout', 'restart', 'deployment/karvdash', '-n', 'karvdash')
    expect(await session.over()).toEqual({
      ...{ type: 'break', again: 'at-once' },
      reason: 'This part of Karvdash stops; another one opens a new shell.',
    })
    const another = await until('another shell', () => open(alice))
    another.close()
    await system.kubectl('rollout', 'status', 'deployment/karvdash', '-n', 'karvdash', '--timeout=120s')
  }, 180_000)

  test('when its service is deleted', async () => {
    const session = await open(alice)
    session.type('echo be""gun\r')
    await session.shows('begun')
    await clientOf(system, alice).call(contract.deleteService, { params: { service } })
    expect(await session.over()).toMatchObject({ type: 'break', again: 'never', reason: expect.stringContaining('deleted') })
  })
})
