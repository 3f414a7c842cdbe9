import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser, type Person, signedInAdmin, signedUp, visitor } from '../support/people.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let other: Backend
let admin: Person
let alice: Person
let listener: Server
const announced: unknown[] = []

beforeAll(async () => {
  listener = createServer((request, answer) => {
    let text = ''
    request
      .on('data', (chunk: Buffer) => (text += chunk))
      .on('end', () => {
        announced.push(JSON.parse(text))
        answer.end()
      })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  cluster = await startCluster('platform')
  const environment = { KARVDASH_SIGN_UP_URL: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook` }
  backend = await cluster.backend(environment)
  other = await cluster.backend(environment)
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
  await new Promise((resolve) => listener.close(resolve))
})

test('an administrator tells everybody something, on every replica, also those who are not signed in, and takes it back', async () => {
  const text = 'Maintenance at <b>noon</b>: save your work.'
  expect(await admin.send('PUT', '/api/notice', { text })).toMatchObject({ status: 200, body: { text } })
  for (const replica of [backend, other])
    await until(async () => (await visitor(replica).send('GET', '/api/notice')).text.includes('noon'))
  await admin.send('PUT', '/api/notice', { text: '' })
  for (const replica of [backend, other])
    await until(async () => JSON.stringify((await visitor(replica).send('GET', '/api/notice')).body) === '{"text":""}')
  expect(await admin.send('PUT', '/api/notice', { text: 'two\nlines' })).toMatchObject({ status: 400 })
})

test('an administrator sees what each user has and may have, and how the platform is', async () => {
  await alice.send('POST', '/api/services', { template: 'hello' })
  await until(async () => {
    expect((await admin.send('GET', '/api/usage')).body).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          user: 'alice',
          active: true,
          services: 1,
          used: expect.objectContaining({ pods: '1' }),
          hard: expect.objectContaining({ pods: expect.any(String) }),
        }),
      ]),
    })
    return true
  })
  expect((await admin.send('GET', '/api/platform')).body).toMatchObject({
    version: expect.any(String),
    users: { total: 2, active: 2, waiting: 0 },
    services: { Queued: 1 },
    watches: expect.arrayContaining([{ name: 'accounts', silentSeconds: expect.any(Number), isFresh: true }]),
  })
})

test('attack: a user reads what others have, how the platform is, or speaks for it', async () => {
  expect(await alice.send('GET', '/api/usage')).toMatchObject({ status: 403 })
  expect(await alice.send('GET', '/api/platform')).toMatchObject({ status: 403 })
  expect(await alice.send('PUT', '/api/notice', { text: 'x' })).toMatchObject({ status: 403 })
})

test('who signs up is announced to the address that the administrator named, without the password', async () => {
  await signedUp(backend, 'newcomer')
  const told = await until(() => announced.find((one) => (one as { username: string }).username === 'newcomer'))
  expect(told).toEqual({
    event: 'sign-up',
    username: 'newcomer',
    email: 'newcomer@example.org',
    displayName: '',
    at: expect.any(String),
  })
})
