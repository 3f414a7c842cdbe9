import { beforeEach, describe, expect, test } from '@jest/globals'
import { contract, contractVersion, Problem } from '@karvdash/common'
import { Connection, type Credentials } from './connection.ts'
import type { State } from './standing.ts'

const server = { id: 'lab', url: 'https://lab' }
const user = { name: 'bob', displayName: '', email: '', role: 'user', active: true, ready: true, createdAt: '' }
const credentials: Credentials = { server, token: () => token }

let token: string
let now: number
let requests: string[]
let answer: (path: string) => Response
let states: State[]
let connection: Connection

const good = (path: string) =>
  Response.json(
    path === '/api/version'
      ? { product: '1', contract: contractVersion, oldestClient: '1.0' }
      : path === '/api/account'
        ? user
        : { items: [] },
  )
const refusal = () => Response.json({ title: 'Not signed in', status: 401, detail: 'Sign in first.' }, { status: 401 })

beforeEach(() => {
  token = 'kvd_1'
  now = 0
  requests = []
  answer = good
  states = []
  connection = new Connection({
    now: () => now,
    fetch: async (input, init) => {
      const path = String(input).slice(server.url.length)
      requests.push(`${path} ${new Headers(init?.headers).get('authorization')}`)
      return answer(path)
    },
  })
  connection.onChange(({ state }) => states.push(state))
})

const list = () => connection.with(({ client }) => client.call(contract.listDomains))

test('nobody who is not signed in asks anything', async () => {
  connection.use(undefined)
  await expect(list()).rejects.toMatchObject({ status: 401 })
  expect(requests).toEqual([])
})

test('who asks before the secrets are read waits for them', async () => {
  const asked = list()
  connection.use(credentials)
  expect(await asked).toEqual({ items: [] })
})

test('who asks at once waits for one introduction', async () => {
  connection.use(credentials)
  await Promise.all([list(), list(), list()])
  expect(requests.map((line) => line.split(' ')[0])).toEqual([
    '/api/version',
    '/api/account',
    '/api/storage',
    '/api/storage',
    '/api/storage',
  ])
  expect(states).toEqual(['connecting', 'connected'])
})

test('a token that the cluster rotates is shown as it is at each call', async () => {
  connection.use(credentials)
  await list()
  token = 'kvd_2'
  await list()
  expect(requests.at(-1)).toBe('/api/storage Bearer kvd_2')
})

describe('trouble', () => {
  test('is told once, and asked about again only after a rest', async () => {
    connection.use(credentials)
    await list()
    answer = () => {
      throw new TypeError('fetch failed')
    }
    const outcomes = await Promise.allSettled([list(), list(), list()])
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    const before = requests.length
    await expect(list()).rejects.toBeInstanceOf(Problem)
    expect(requests.length).toBe(before)
    expect(states).toEqual(['connecting', 'connected', 'away'])
    answer = good
    now += 4000
    await list()
    expect(states.at(-1)).toBe('connected')
  })

  test('is over at once for who tries again', async () => {
    answer = refusal
    connection.use(credentials)
    await expect(list()).rejects.toMatchObject({ status: 401 })
    answer = good
    connection.retry()
    await list()
    expect(states).toEqual(['connecting', 'refused', 'connected'])
  })

  test('with a server of another contract is told as such', async () => {
    answer = () => Response.json({ product: '9', contract: '9.0', oldestClient: '9.0' })
    connection.use(credentials)
    await expect(list()).rejects.toMatchObject({ status: 426 })
    expect(states).toEqual(['connecting', 'outdated'])
  })

  test('of one file is none of the connection', async () => {
    connection.use(credentials)
    await list()
    answer = () => Response.json({ title: 'Not found', status: 404, detail: 'x' }, { status: 404 })
    await expect(list()).rejects.toMatchObject({ status: 404 })
    expect(states).toEqual(['connecting', 'connected'])
  })
})

test('who signs out while a question is on its way is signed out', async () => {
  connection.use(credentials)
  const asked = list()
  connection.use(undefined)
  await expect(asked).rejects.toMatchObject({ status: 401 })
  expect(states).toEqual(['connecting', 'signedOut'])
})

test('an answer that comes while others met trouble shows that the server is there: who asks next is let through at once', async () => {
  connection.use(credentials)
  await list()
  const long = connection.with(async ({ client }) => {
    answer = () => new Response('gone', { status: 502 })
    await expect(list()).rejects.toMatchObject({ status: 502 })
    answer = good
    return client.call(contract.listDomains)
  })
  expect(await long).toEqual({ items: [] })
  expect(await list()).toEqual({ items: [] })
  expect(connection.standing().state).toBe('connected')
})
