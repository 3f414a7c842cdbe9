import { describe, expect, test } from '@jest/globals'
import { type TokenScope, unauthenticated } from '@karvdash/common'
import { fakeAccounts } from '../../users/fake-accounts.ts'
import { createSigner } from '../../users/signer.ts'
import { createPullCredentials, isPullForm } from './pull-credentials.ts'
import { createTokenEndpoint } from './token-endpoint.ts'
import type { TokenClaim } from './tokens.ts'

const host = 'registry.example.org'
const dayMs = 86_400_000
const passwords: Record<string, { user: string; scopes?: TokenScope[] }> = {
  'alice:password': { user: 'alice' },
  'root:password': { user: 'root' },
  'root:usual-token': { user: 'root', scopes: ['files', 'services', 'images'] },
  'root:admin-token': { user: 'root', scopes: ['images', 'admin'] },
  'alice:files-token': { user: 'alice', scopes: ['files'] },
  'alice:reading-token': { user: 'alice', scopes: ['images', 'read-only'] },
}

function setUp() {
  const state = { now: 20_000 * dayMs, isFresh: true, active: true }
  const accounts = fakeAccounts({ user: 'alice' }, { user: 'bob' }, { user: 'root' })
  const pullCredentials = createPullCredentials({ accounts, signer: createSigner(Buffer.alloc(32, 1)), clock: () => state.now })
  const signed: TokenClaim[] = []
  const endpoint = createTokenEndpoint({
    signIn: {
      async checkBasic({ username, password }) {
        const found = passwords[`${username}:${password}`]
        if (!found) throw unauthenticated('The username or the password is wrong.')
        return found
      },
    },
    users: { known: (name) => ({ name, role: name === 'root' ? 'admin' : 'user', active: state.active }) as never },
    pullCredentials,
    tokens: {
      async sign(claim) {
        signed.push(claim)
        return { token: 'signed', issuedAt: '', lifetimeSeconds: 300 }
      },
    },
    isThere: async () => false,
    isFresh: () => state.isFresh,
    host,
  })
  const ask = async (login: string | undefined, scope = 'repository:bob/app:pull,push,delete', service = host) => {
    const [username = '', password = ''] = login?.split(':') ?? []
    const credentials = login === undefined ? undefined : { username, password }
    await endpoint({ credentials, address: '192.0.2.1', service, scopes: [scope] })
    return signed.pop()
  }
  return { state, accounts, pullCredentials, ask }
}

const actions = (claim: TokenClaim | undefined) => claim?.access.flatMap((access) => access.actions)

describe('the token endpoint', () => {
  test('gives each what their credential and their role may', async () => {
    const { ask } = setUp()
    expect(await ask('alice:password')).toEqual({
      subject: 'alice',
      access: [{ type: 'repository', name: 'bob/app', actions: ['pull'] }],
    })
    expect(actions(await ask('root:password'))).toEqual(['pull', 'push', 'delete'])
    expect(actions(await ask('root:admin-token'))).toEqual(['pull', 'push', 'delete'])
    expect(actions(await ask('root:usual-token'))).toEqual(['pull'])
    expect(actions(await ask('alice:reading-token', 'repository:alice/app:pull,push'))).toEqual(['pull'])
  })

  test('refuses who shows nothing, something wrong, or a token that is for something else', async () => {
    const { ask, state } = setUp()
    await expect(ask(undefined)).rejects.toMatchObject({ status: 401 })
    await expect(ask('alice:wrong')).rejects.toMatchObject({ status: 401 })
    await expect(ask('alice:files-token')).rejects.toMatchObject({ status: 401 })
    await expect(ask('alice:password', '', 'registry.example.com')).rejects.toMatchObject({ status: 400 })
    state.isFresh = false
    await expect(ask('alice:password')).rejects.toMatchObject({ status: 503 })
  })
})

describe('what pods pull with', () => {
  const login = ({ pullCredentials }: ReturnType<typeof setUp>, user = 'alice') => `${user}:${pullCredentials.of(user)}`

  test('lets pull anything, and nothing else', async () => {
    const system = setUp()
    expect(actions(await system.ask(login(system)))).toEqual(['pull'])
    expect(actions(await system.ask(login(system), 'repository:alice/app:pull,push'))).toEqual(['pull'])
    expect(actions(await system.ask(login(system), 'registry:catalog:*'))).toEqual([])
    expect(actions(await system.ask(login(system, 'root'), 'repository:bob/app:*'))).toEqual(['pull'])
  })

  test('is the same all day, and good for two more', async () => {
    const system = setUp()
    const first = login(system)
    system.state.now += dayMs - 1
    expect(login(system)).toBe(first)
    system.state.now += 1
    expect(login(system)).not.toBe(first)
    system.state.now += 2 * dayMs - 1
    expect(actions(await system.ask(first))).toEqual(['pull'])
    system.state.now += 1
    await expect(system.ask(first)).rejects.toMatchObject({ status: 401 })
  })

  test('ends with the sign-ins of its user, and with the user', async () => {
    const system = setUp()
    const first = login(system)
    await system.accounts.update('alice', (account) => ({ ...account, generation: 1 }))
    await expect(system.ask(first)).rejects.toMatchObject({ status: 401 })
    expect(actions(await system.ask(login(system)))).toEqual(['pull'])
    system.state.active = false
    await expect(system.ask(login(system))).rejects.toMatchObject({ status: 401 })
  })

  test('attack: is no other user’s, of no other day, and not made up', async () => {
    const system = setUp()
    const [, password = ''] = login(system).split(':')
    const [, day = '', mac = ''] = password.split('_')
    const made = [
      `bob:${password}`,
      `nobody:${password}`,
      `alice:kvp_${Number(day) + 1}_${mac}`,
      `alice:kvp_${Number(day) - 1}_${mac}`,
    ]
    for (const one of [...made, `alice:kvp_${day}_${'A'.repeat(43)}`, 'alice:kvp_', `alice:${password}A`])
      await expect(system.ask(one)).rejects.toMatchObject({ status: 401 })
    system.state.now -= dayMs
    await expect(system.ask(`alice:${password}`)).rejects.toMatchObject({ status: 401 })
    expect(isPullForm(password)).toBe(true)
    expect(system.pullCredentials.of('nobody')).toBeUndefined()
  })
})
