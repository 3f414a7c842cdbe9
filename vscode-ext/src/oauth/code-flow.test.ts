import { beforeEach, describe, expect, test } from '@jest/globals'
import { createCallbacks } from './callbacks.ts'
import { byCode } from './code-flow.ts'
import { challengeOf } from './pkce.ts'

const server = 'https://karvdash.example.org'
const redirect = 'vscode://karvdash.karvdash/auth'
const tokens = { access: 'a', refresh: 'r', expiresAt: 1 }
const callbacks = createCallbacks()

let asked: Record<string, string>
let redeemed: { code: string; redirect: string; verifier: string } | undefined
let ending: AbortController

beforeEach(() => {
  redeemed = undefined
  ending = new AbortController()
})

/** Signs in with a browser that does this with the address that it is given. */
const signIn = (open: () => boolean) =>
  byCode(
    {
      server,
      redirect,
      machine: 'bob&admin=1 laptop.lan',
      callbacks,
      endpoints: {
        async redeemCode(answer) {
          redeemed = answer
          return tokens
        },
      },
      async open(address) {
        expect(new URL(address).origin + new URL(address).pathname).toBe(`${server}/oauth/authorize`)
        asked = Object.fromEntries(new URL(address).searchParams)
        return open()
      },
    },
    ending,
  )
const answer = (fields: Record<string, string>) => {
  callbacks.receive({ path: '/auth', query: decodeURIComponent(String(new URLSearchParams(fields))), fragment: '' })
  return true
}

describe('signing in by the browser', () => {
  test('asks with a challenge, and redeems the code with its verifier', async () => {
    expect(await signIn(() => answer({ code: 'c', state: asked['state'] ?? '', iss: server }))).toEqual(tokens)
    expect(asked).toEqual({
      client_id: 'karvdash-vscode',
      response_type: 'code',
      redirect_uri: redirect,
      code_challenge: await challengeOf(redeemed?.verifier ?? ''),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      machine: 'bobadmin1laptop.lan',
    })
    expect(redeemed).toMatchObject({ code: 'c', redirect })
    expect(Object.values(asked)).not.toContain(redeemed?.verifier)
  })

  test('of who refuses, or answers for another server, redeems nothing', async () => {
    const state = () => asked['state'] ?? ''
    await expect(signIn(() => answer({ error: 'access_denied', state: state(), iss: server }))).rejects.toMatchObject({
      code: 'access_denied',
    })
    await expect(signIn(() => answer({ code: 'c', state: state(), iss: 'https://evil' }))).rejects.toMatchObject({
      code: 'mixed_up',
    })
    expect(redeemed).toBeUndefined()
  })

  test('ends where the person does not let the browser open, or cancels', async () => {
    expect(await signIn(() => false)).toBeUndefined()
    const asking = signIn(() => true)
    ending.abort()
    expect(await asking).toBeUndefined()
  })
})
