import { describe, expect, test } from '@jest/globals'
import { createSigner } from '../users/signer.ts'
import { createTerminalTickets, type Opening } from './terminal-tickets.ts'

const origin = 'https://karvdash.example.org'
const opening: Opening = {
  ...{ user: 'alice', credential: { kind: 'token', token: 'kvd_alice_secret' }, service: 'web', uid: 'r' },
  ...{ pod: 'a', podUid: 'u', container: 'main', command: ['sh'] },
}

function setUp() {
  const used = new Set<string>()
  const useOnce = async (id: string) => !used.has(id) && Boolean(used.add(id))
  const clock = { now: 1_000_000 }
  const signer = createSigner(Buffer.alloc(32, 1))
  return { clock, signer, tickets: createTerminalTickets({ signer, useOnce, origin, clock: () => clock.now }) }
}

describe('a ticket', () => {
  test('opens once what it was given for', async () => {
    const { tickets } = setUp()
    const ticket = tickets.issue(opening)
    expect(await tickets.redeem(ticket, undefined)).toEqual(opening)
    await expect(tickets.redeem(ticket, undefined)).rejects.toMatchObject({ status: 403 })
  })

  test('is good for half a minute', async () => {
    const { tickets, clock } = setUp()
    const [first, second] = [tickets.issue(opening), tickets.issue(opening)]
    clock.now += 30_000
    expect(await tickets.redeem(first, undefined)).toEqual(opening)
    clock.now += 1
    await expect(tickets.redeem(second, undefined)).rejects.toMatchObject({ status: 403 })
  })

  test('fits into a subprotocol, and shows nobody the credential', () => {
    const ticket = setUp().tickets.issue(opening)
    // RFC 6455 §4.1: elements "MUST be non-empty strings with characters in the range U+0021 to U+007E not including separator characters".
    expect(ticket).toMatch(/^[\w-]+$/)
    expect(Buffer.from(ticket, 'base64url').toString()).not.toContain('alice')
  })

  test('that came of a cookie is good for the dashboard’s own page alone', async () => {
    const { tickets } = setUp()
    const ticket = tickets.issue({ ...opening, credential: { kind: 'cookie', cookie: 'c' } })
    for (const other of [undefined, 'null', `${origin}:444`, 'https://web-mallory.karvdash.example.org'])
      await expect(tickets.redeem(ticket, other)).rejects.toMatchObject({ status: 403 })
    expect(await tickets.redeem(ticket, origin)).toMatchObject({ user: 'alice' })
  })

  test('attack: what is none of ours, or changed in any place, is refused', async () => {
    const { tickets, signer } = setUp()
    const bytes = Buffer.from(tickets.issue(opening), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at)
      await expect(tickets.redeem(changed.toString('base64url'), undefined)).rejects.toMatchObject({ status: 403 })
    }
    const other = [signer.sign('terminal', opening), signer.seal('other', opening), signer.seal('terminal', {}), '', '.', 'AAAA']
    for (const text of other) await expect(tickets.redeem(text, undefined)).rejects.toMatchObject({ status: 403 })
  })
})
