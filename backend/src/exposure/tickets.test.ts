import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../config.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { fakeAccounts } from '../users/fake-accounts.ts'
import { createUseOnce } from '../users/once.ts'
import { createSessions } from '../users/sessions.ts'
import { createSigner } from '../users/signer.ts'
import { createTickets, ticketOf } from './tickets.ts'

const config = readConfig({
  KARVDASH_DOMAIN: 'karvdash.test',
  KARVDASH_DOMAINS: '{"local": {"hostPath": "/l"}, "remote": {"hostPath": "/r"}, "shared": {"hostPath": "/s"}}',
})
const host = 'lab-alice.karvdash.test'

async function setUp() {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') }
  const signer = createSigner(Buffer.alloc(32, 1))
  const sessions = createSessions({ accounts: fakeAccounts({ user: 'alice' }), signer, clock: () => clock.now })
  const kubernetes = fakeKubernetes()
  const tickets = createTickets({
    useOnce: createUseOnce({ kubernetes, namespace: 'karvdash' }),
    sessions,
    signer,
    mayEnter: (user, owner) => user === owner.user,
    config,
    clock: () => clock.now,
  })
  const { claim } = await sessions.begin('alice', { agent: '', address: '' })
  const uri = () => ticketOf(tickets.issue(claim, { host, path: '/' }).slice(`https://${host}`.length), 'traefik') ?? ''
  return { clock, kubernetes, sessions, tickets, claim, uri }
}

describe('a ticket', () => {
  test('is good for half a minute', async () => {
    const { tickets, clock, uri } = await setUp()
    const [one, two] = [uri(), uri()]
    clock.now += 29_999
    expect(await tickets.redeem(one, host)).toMatchObject({ location: `https://${host}/` })
    clock.now += 1
    expect(await tickets.redeem(two, host)).toBeUndefined()
  })

  test('that is too old is not used up, and leaves nothing behind', async () => {
    const { tickets, clock, uri, kubernetes } = await setUp()
    const old = uri()
    clock.now += 60_000
    await tickets.redeem(old, host)
    expect(kubernetes.calls).toEqual([])
  })

  test('of a session that has ended is no good', async () => {
    const { tickets, uri, sessions, claim } = await setUp()
    const ticket = uri()
    await sessions.end(claim.user, claim.session)
    expect(await tickets.redeem(ticket, host)).toBeUndefined()
  })

  test('is not redeemed while nobody can tell whether it was used', async () => {
    const { tickets, uri, kubernetes } = await setUp()
    kubernetes.before = () => {
      throw new Error('away')
    }
    await expect(tickets.redeem(uri(), host)).rejects.toThrow('away')
  })

  test('that was used is told by a name that does not tell the ticket', async () => {
    const { tickets, uri, kubernetes } = await setUp()
    const ticket = uri()
    await tickets.redeem(ticket, host)
    const [name = ''] = kubernetes.stored.keys()
    expect(name).toMatch(/\/secrets\/once\.[0-9a-f]{40}$/)
    const claim = Buffer.from(ticket.split('.')[0] ?? '', 'base64url').toString()
    expect(claim).not.toContain(name.slice(-40))
  })
})

describe('a host’s cookie', () => {
  test('is over with the session it came from, by time or by hand', async () => {
    const { tickets, clock, sessions, claim, uri } = await setUp()
    const redeemed = await tickets.redeem(uri(), host)
    const cookie = redeemed?.cookie.value ?? ''
    expect(await tickets.claimOf(cookie, host)).toMatchObject(claim)
    expect(await tickets.claimOf(cookie, 'other-alice.karvdash.test')).toBeUndefined()
    clock.now = claim.expires + 1
    expect(await tickets.claimOf(cookie, host)).toBeUndefined()
    clock.now = Date.parse('2026-01-01T00:00:00Z')
    expect(await tickets.claimOf(cookie, host)).toMatchObject(claim)
    await sessions.end(claim.user, claim.session)
    expect(await tickets.claimOf(cookie, host)).toBeUndefined()
  })

  test('is no ticket, and a ticket no cookie', async () => {
    const { tickets, uri } = await setUp()
    const ticket = uri()
    expect(await tickets.claimOf(ticket, host)).toBeUndefined()
  })
})
