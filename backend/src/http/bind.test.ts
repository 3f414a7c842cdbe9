import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type AnyOperation, conflict, TokenScope } from '@karvdash/common'
import Koa, { type Middleware } from 'koa'
import Router from 'koa-router'
import * as z from 'zod'
import { ConnectionError, KubeError } from '../kubernetes/errors.ts'
import { createBinder } from './bind.ts'
import { problems } from './problems.ts'
import { stateOf } from './state.ts'

const nothing = z.strictObject({})
const base = {
  summary: '',
  audience: 'anyone',
  scope: 'services',
  params: nothing,
  query: nothing,
  body: z.undefined(),
  reply: z.unknown(),
  status: 200,
  media: 'json',
} as const
const body = z.strictObject({
  name: z.string().max(5, 'A name has at most 5 characters.'),
  deep: z.array(z.strictObject({ n: z.number() })).optional(),
})

const operations = {
  take: {
    ...base,
    method: 'POST',
    path: '/take/{id}',
    params: z.strictObject({ id: z.string().regex(/^[a-z]+$/) }),
    query: z.strictObject({ n: z.coerce.number().default(1) }),
    body,
    status: 201,
  },
  member: { ...base, method: 'GET', path: '/member', audience: 'user' },
  own: { ...base, method: 'GET', path: '/own', audience: 'user', scope: 'person' },
  admin: { ...base, method: 'POST', path: '/admin', audience: 'admin', scope: 'admin', body },
  done: { ...base, method: 'DELETE', path: '/done', status: 204 },
  fails: {
    ...base,
    method: 'GET',
    path: '/fails',
    query: z.strictObject({ how: z.enum(['bug', 'problem', 'away', 'overloaded', 'kube', 'text']) }),
  },
} satisfies Record<string, AnyOperation>

const failures = {
  bug: new Error('secret detail in /srv/app.ts'),
  problem: conflict('Taken.', { service: 'lab' }),
  away: new ConnectionError('GET /api', new Error('ECONNREFUSED 10.0.0.1')),
  overloaded: new KubeError(429, undefined, 'GET'),
  kube: new KubeError(422, { message: 'secret of the cluster' }, 'PUT'),
  text: 'thrown as a text',
}

let server: Server
let url: string
beforeAll(async () => {
  const router = new Router()
  const { bind } = createBinder(router)
  bind(operations.take, (input) => input)
  bind(operations.member, () => 'in')
  bind(operations.own, () => 'in')
  bind(operations.admin, () => 'in')
  bind(operations.done, () => undefined)
  bind(operations.fails, ({ query }) => {
    throw failures[query.how]
  })
  const app = new Koa()
  app.on('error', () => undefined)
  app.use(problems())
  app.use(async (ctx, next) => {
    const role = ctx.get('x-role')
    if (role === 'user' || role === 'admin')
      stateOf(ctx).caller = { user: 'alice', role, via: { kind: 'token' }, scopes: scopesOf(ctx.get('x-scopes')) }
    await next()
  })
  app.use(router.routes() as Middleware)
  server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const scopesOf = (text: string) => (text === '' ? undefined : text.split(' ').map((scope) => TokenScope.parse(scope)))

async function send(method: string, path: string, sent?: unknown, headers: Record<string, string> = {}) {
  const json = sent !== undefined && { body: JSON.stringify(sent), headers: { 'content-type': 'application/json', ...headers } }
  const response = await fetch(url + path, { method, headers, ...json })
  const text = await response.text()
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

describe('an operation', () => {
  test('hands over what was checked, with defaults, and answers with its status, never to be cached', async () => {
    const answer = await send('POST', '/take/abc', { name: 'x' })
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' },
    })
    expect(answer.body).toEqual({ params: { id: 'abc' }, query: { n: 1 }, body: { name: 'x' } })
    expect(await send('DELETE', '/done')).toMatchObject({ status: 204, text: '' })
  })

  test.each([
    ['a parameter', '/take/A1', { name: 'x' }, ['/path/id']],
    ['a query', '/take/a?n=x', { name: 'x' }, ['/query/n']],
    ['an unknown query', '/take/a?m=1', { name: 'x' }, ['/query/m']],
    ['a field', '/take/a', { name: 'too long' }, ['/name']],
    [
      'many fields at once',
      '/take/a',
      { deep: [{ n: 1 }, { n: 'x', more: 1 }], extra: 1 },
      ['/deep/1/more', '/deep/1/n', '/extra', '/name'],
    ],
    ['a field with a slash and a tilde', '/take/a', { name: 'x', 'a/~': 1 }, ['/a~1~0']],
    ['a prototype', '/take/a', JSON.parse('{"name":"x","__proto__":{"a":1},"constructor":1}'), ['/__proto__', '/constructor']],
  ])('names %s that is wrong', async (_, path, sent, pointers) => {
    const { status, body: problem } = await send('POST', path, sent)
    expect(status).toBe(400)
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers)
    for (const { detail } of problem.errors) expect(detail).toMatch(/^\S.*[.!]$/)
  })

  test('asks who calls before it looks at what they send', async () => {
    expect(await send('POST', '/admin', { wrong: 1 })).toMatchObject({ status: 401 })
    expect(await send('POST', '/admin', { wrong: 1 }, { 'x-role': 'user' })).toMatchObject({ status: 403 })
    expect(await send('POST', '/admin', { wrong: 1 }, { 'x-role': 'admin' })).toMatchObject({ status: 400 })
    expect(await send('GET', '/member')).toMatchObject({ status: 401 })
    expect(await send('GET', '/member', undefined, { 'x-role': 'user' })).toMatchObject({ status: 200, body: 'in' })
  })
})

test.each([
  ['GET', '/member', 'services', 200],
  ['GET', '/member', 'services read-only', 200],
  ['GET', '/member', 'files', 403],
  ['GET', '/own', 'files services images admin', 403],
  ['POST', '/admin', 'admin', 415],
  ['POST', '/admin', 'admin read-only', 403],
  ['POST', '/admin', 'services', 403],
])('a %s of %s by a token for "%s" is answered %s', async (method, path, scopes, status) => {
  expect(await send(method, path, undefined, { 'x-role': 'admin', 'x-scopes': scopes })).toMatchObject({ status })
})

describe('what is thrown', () => {
  test.each([
    ['a bug', 'bug', 500, 'fault of Karvdash'],
    ['a text', 'text', 500, 'fault of Karvdash'],
    ['a refusal of the cluster that nobody expected', 'kube', 500, 'fault of Karvdash'],
    ['an API server that is away', 'away', 503, 'cannot be reached'],
    ['an API server that has too much to do', 'overloaded', 503, 'cannot be reached'],
    ['a Problem', 'problem', 409, 'Taken.'],
  ])('%s is told as a problem, and nothing internal with it', async (_, how, status, detail) => {
    const answer = await send('GET', `/fails?how=${how}`)
    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } })
    expect(answer.body.detail).toContain(detail)
    expect(answer.text).not.toMatch(/secret|ECONN|\.ts|10\.0/)
  })

  test('says in members what programs act on', async () => {
    expect((await send('GET', '/fails?how=problem')).body).toMatchObject({ type: 'about:blank', service: 'lab' })
  })
})
