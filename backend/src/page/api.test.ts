import { describe, expect, test } from '@jest/globals'
import { contract, type Session } from '@karvdash/common'
import { createApi } from './api.ts'

interface Answer {
  status?: number
  body?: unknown
}
type Answers = Record<string, Answer | Answer[]>

const sessionOf = (csrf: string, name = 'alice'): Session => ({
  csrf,
  user: {
    name,
    displayName: '',
    email: 'a@example.org',
    role: 'user',
    active: true,
    ready: true,
    createdAt: '2026-01-01T00:00:00Z',
  },
})
const problem = (status: number): Answer => ({ status, body: { title: 'No', status, detail: 'No.' } })
const away = problem(503)
const deletion = { params: { service: 'hello' } }

/** An API whose server gives the answers in order, the last one for ever. */
function apiWith(answers: Answers) {
  const sessions: (string | undefined)[] = []
  const connection: boolean[] = []
  const sent: string[] = []
  const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = `${init?.method} ${url}`
    const csrf = new Headers(init?.headers).get('x-karvdash-csrf')
    sent.push(csrf ? `${request} ${csrf}` : request)
    const planned = answers[request] ?? problem(404)
    const { status = 200, body } = Array.isArray(planned) ? ((planned.length > 1 ? planned.shift() : planned[0]) ?? {}) : planned
    return new Response(status === 204 ? null : JSON.stringify(body), { status })
  }
  const api = createApi({
    fetch,
    wait: async () => undefined,
    onSession: (session) => sessions.push(session?.user.name),
    onConnection: (isConnected) => connection.push(isConnected),
  })
  return { api, sessions, connection, sent }
}

describe('the session', () => {
  test('its CSRF token goes with each call', async () => {
    const { api, sent } = apiWith({ 'DELETE /api/services/hello': { status: 204 } })
    api.adopt(sessionOf('one'))
    await api.call(contract.deleteService, deletion)
    expect(sent).toEqual(['DELETE /api/services/hello one'])
  })

  test('a 401 brings the sign-in screen when the session is over', async () => {
    const { api, sessions } = apiWith({ 'GET /api/services': problem(401), 'GET /api/session': problem(401) })
    api.adopt(sessionOf('one'))
    await expect(api.call(contract.listServices)).rejects.toMatchObject({ status: 401 })
    expect(sessions).toEqual(['alice', undefined])
  })

  test('a 401 about a password in the request ends nothing', async () => {
    const { api, sessions } = apiWith({
      'PUT /api/account/password': problem(401),
      'GET /api/session': { body: sessionOf('one') },
    })
    api.adopt(sessionOf('one'))
    const body = { current: 'wrong', next: 'long enough' }
    await expect(api.call(contract.changePassword, { body })).rejects.toMatchObject({ status: 401 })
    expect(sessions).toEqual(['alice'])
  })

  test('a CSRF token that another tab renewed is fetched, and the change made once more', async () => {
    const { api, sent } = apiWith({
      'DELETE /api/services/hello': [problem(403), { status: 204 }],
      'GET /api/session': { body: sessionOf('two') },
    })
    api.adopt(sessionOf('one'))
    await api.call(contract.deleteService, deletion)
    expect(sent.at(-1)).toBe('DELETE /api/services/hello two')
  })

  test('a change is not made for another person who signed in meanwhile', async () => {
    const { api, sessions, sent } = apiWith({
      'DELETE /api/services/hello': problem(403),
      'GET /api/session': { body: sessionOf('two', 'bob') },
    })
    api.adopt(sessionOf('one'))
    await expect(api.call(contract.deleteService, deletion)).rejects.toMatchObject({ status: 403 })
    expect(sent.filter((request) => request.startsWith('DELETE'))).toHaveLength(1)
    expect(sessions).toEqual(['alice', 'bob'])
  })

  test('what is forbidden stays forbidden', async () => {
    const { api, sent } = apiWith({ 'DELETE /api/services/hello': problem(403), 'GET /api/session': { body: sessionOf('one') } })
    api.adopt(sessionOf('one'))
    await expect(api.call(contract.deleteService, deletion)).rejects.toMatchObject({ status: 403 })
    expect(sent.filter((request) => request.startsWith('DELETE'))).toHaveLength(1)
  })
})

describe('while the platform is away', () => {
  test('reads wait until it is back', async () => {
    const { api, connection } = apiWith({ 'GET /api/services': [away, away, { body: { items: [] } }] })
    expect(await api.call(contract.listServices)).toEqual({ items: [] })
    expect(connection).toEqual([false, false, true])
  })

  test('changes are not made twice', async () => {
    const { api, sent } = apiWith({ 'DELETE /api/services/hello': away, 'GET /api/session': { body: sessionOf('one') } })
    await expect(api.call(contract.deleteService, deletion)).rejects.toMatchObject({ status: 503 })
    expect(sent.filter((request) => request.startsWith('DELETE'))).toHaveLength(1)
  })

  test('a screen that was left stops waiting', async () => {
    const { api, sent } = apiWith({ 'GET /api/services': away })
    const left = new AbortController()
    left.abort()
    await expect(api.call(contract.listServices, {}, { signal: left.signal })).rejects.toBeDefined()
    expect(sent).toHaveLength(1)
  })
})
