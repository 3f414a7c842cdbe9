import { beforeEach, describe, expect, test } from '@jest/globals'
import { createVault } from './oauth/vault.ts'
import { createKeeper, type Keeper } from './sign-in-kept.ts'

const url = 'https://lab:8443'
const tokens = { access: 'access-1', refresh: 'refresh-1', expiresAt: Date.now() + 900_000 }

let secrets: Map<string, string>
let text: string | undefined
let asked: string[]
let isAway: boolean
let keeper: Keeper

beforeEach(() => {
  secrets = new Map()
  text = undefined
  asked = []
  isAway = false
  keeper = createKeeper({
    secrets: {
      get: async (name) => secrets.get(name),
      store: async (name, value) => void secrets.set(name, value),
      delete: async (name) => void secrets.delete(name),
    },
    vault: createVault({
      get: async () => text,
      set: async (next) => {
        text = next
      },
      remove: async () => {
        text = undefined
      },
    }),
    alone: (work) => work(),
    fetch: async (input, init) => {
      asked.push(`${input} ${init?.body}`)
      if (isAway) throw new TypeError('fetch failed')
      return Response.json({})
    },
  })
})
const shown = async () => (await keeper.credentials())?.token()

describe('what is kept of signing in', () => {
  test('is nothing at first', async () => expect(await keeper.credentials()).toBeUndefined())

  test('is a pasted token, or what the browser brought', async () => {
    await keeper.keep(url, 'kvd_x')
    expect(await keeper.credentials()).toMatchObject({ server: { id: 'lab:8443', url } })
    expect(await shown()).toBe('kvd_x')
    await keeper.keep(url, tokens)
    expect(await shown()).toBe('access-1')
    expect(asked).toEqual([])
  })

  test('is no token among the secrets where the browser brought it: they are in the vault, sealed', async () => {
    await keeper.keep(url, tokens)
    expect(JSON.stringify([...secrets, text])).not.toMatch(/access-1|refresh-1/)
  })

  test('is ended at its server by signing out', async () => {
    await keeper.keep(url, tokens)
    expect(await keeper.forget()).toBe(true)
    expect(asked).toEqual([`${url}/oauth/revoke client_id=karvdash-vscode&token=refresh-1`])
    expect([await keeper.credentials(), text, secrets.size]).toEqual([undefined, undefined, 0])
  })

  test('is gone here also where the server cannot be told, which is said', async () => {
    await keeper.keep(url, tokens)
    isAway = true
    expect(await keeper.forget()).toBe(false)
    expect([await keeper.credentials(), text, secrets.size]).toEqual([undefined, undefined, 0])
  })

  test('is ended at its server by signing in anew, be it elsewhere', async () => {
    await keeper.keep(url, tokens)
    await keeper.keep('https://other', 'kvd_x')
    expect(asked).toEqual([`${url}/oauth/revoke client_id=karvdash-vscode&token=refresh-1`])
    expect([await shown(), text]).toEqual(['kvd_x', undefined])
  })
})
