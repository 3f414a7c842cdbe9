import { describe, expect, test } from '@jest/globals'
import { endpointsOf } from './endpoints.ts'

function server(answer: () => Response) {
  const asked: [string, Record<string, string>][] = []
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push([String(input), Object.fromEntries(new URLSearchParams(String(init?.body)))])
    return answer()
  }
  return { asked, endpoints: endpointsOf({ server: 'https://lab', fetch, now: () => 1000 }) }
}
const told = { access_token: 'a', refresh_token: 'r', expires_in: 900, token_type: 'Bearer' }

describe('the authorization server', () => {
  test('is asked by forms that say which editor asks, and answers with tokens', async () => {
    const { asked, endpoints } = server(() => Response.json(told))
    const tokens = { access: 'a', refresh: 'r', expiresAt: 901_000 }
    expect(await endpoints.redeemCode({ code: 'c', redirect: 'vscode://x/auth', verifier: 'v' })).toEqual(tokens)
    expect(await endpoints.refresh('r0')).toEqual(tokens)
    await endpoints.revoke('r')
    const client_id = 'karvdash-vscode'
    expect(asked).toEqual([
      [
        'https://lab/oauth/token',
        { client_id, grant_type: 'authorization_code', code: 'c', redirect_uri: 'vscode://x/auth', code_verifier: 'v' },
      ],
      ['https://lab/oauth/token', { client_id, grant_type: 'refresh_token', refresh_token: 'r0' }],
      ['https://lab/oauth/revoke', { client_id, token: 'r' }],
    ])
  })

  test('gives a code to show; where it says nothing of an interval that is five seconds', async () => {
    const { asked, endpoints } = server(() =>
      Response.json({ device_code: 'd', user_code: 'BCDF-GHJK', verification_uri: 'https://lab/#/x', expires_in: 600 }),
    )
    expect(await endpoints.beginDevice('laptop')).toEqual({
      device: 'd',
      shown: 'BCDF-GHJK',
      page: 'https://lab/#/x',
      pageWithCode: 'https://lab/#/x',
      lifetimeMs: 600_000,
      intervalMs: 5000,
    })
    expect(asked[0]?.[1]).toMatchObject({ machine: 'laptop' })
  })

  test.each([
    ['a refusal in words of OAuth', () => Response.json({ error: 'invalid_grant' }, { status: 400 }), { code: 'invalid_grant' }],
    ['an ingress without a backend', () => new Response('<html>', { status: 503 }), { status: 503 }],
    ['a failure that speaks OAuth', () => Response.json({ error: 'server_error' }, { status: 500 }), { status: 500 }],
    ['no Karvdash', () => new Response('', { status: 404 }), { status: 404 }],
    ['a page in between', () => new Response('<html>'), { status: 502 }],
    ['no refresh token', () => Response.json({ ...told, refresh_token: undefined }), { status: 502 }],
    [
      'nobody',
      () => {
        throw new TypeError('fetch failed')
      },
      { status: 503 },
    ],
  ])('%s is told apart', async (_, answer, failure) =>
    expect(server(answer).endpoints.refresh('r')).rejects.toMatchObject(failure),
  )
})
