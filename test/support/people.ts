import { expect } from '@jest/globals'
import * as z from 'zod'
import { admin, domain } from './cluster.ts'
import { type Answer, type Sent, send } from './send.ts'

/** The dashboard's origin. */
export const origin = `https://${domain}:8443`
/** Every person's password. */
export const password = 'a password of theirs'

/** Somebody at the dashboard, in a browser of their own that keeps cookies. */
export interface Person {
  name: string
  /** What the ingress controller and the browser say of each request of theirs. */
  headers(): Record<string, string>
  send(method: NonNullable<Sent['method']>, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>
  /** The same person at another replica. */
  at(backend: { url: string }): Person
}

let addresses = 0

/** Somebody who has not signed in; each comes from an address of their own. */
export function visitor(backend: { url: string }, name = 'visitor'): Person {
  const jar = new Map<string, string>()
  const address = `192.0.2.${addresses++ % 250}`
  return personAt(backend, { name, jar, address, csrf: '' })
}

interface Identity {
  name: string
  jar: Map<string, string>
  address: string
  csrf: string
}

const Session = z.looseObject({ csrf: z.string() })

function personAt(backend: { url: string }, identity: Identity): Person {
  const headers = () => ({
    'x-forwarded-for': identity.address,
    'x-forwarded-proto': 'https',
    origin,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    ...(identity.csrf && { 'x-karvdash-csrf': identity.csrf }),
    ...(identity.jar.size > 0 && { cookie: [...identity.jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
  })
  return {
    name: identity.name,
    headers,
    at: (other) => personAt(other, identity),
    async send(method, path, body, more = {}) {
      const answer = await send(backend.url + path, { method, body, headers: { ...headers(), ...more } })
      for (const [name, value] of answer.cookies.map(pairOf))
        value === '' ? identity.jar.delete(name) : identity.jar.set(name, value)
      const session = Session.safeParse(answer.body)
      if (session.success) identity.csrf = session.data.csrf
      return answer
    },
  }
}

function pairOf(cookie: string): [string, string] {
  const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? []
  return [name, value]
}

/** Somebody who signs up under this name, and waits to be activated. */
export async function signedUp(backend: { url: string }, name: string): Promise<Person> {
  const person = visitor(backend, name)
  const answer = await person.send('POST', '/api/users', { username: name, password, email: `${name}@example.org` })
  expect(answer).toMatchObject({ status: 201, body: { name, active: false } })
  return person
}

/** Signs somebody in who has an active user. */
export async function signIn(person: Person, secret = password): Promise<Person> {
  const answer = await person.send('POST', '/api/session', { username: person.name, password: secret })
  expect(answer.status).toBe(200)
  return person
}

/** The administrator whom the installation names, signed in. */
export function signedInAdmin(backend: { url: string }): Promise<Person> {
  return signIn(visitor(backend, admin.username), admin.password)
}

/** A new user who is active and signed in. */
export async function activeUser(backend: { url: string }, name: string, by?: Person): Promise<Person> {
  const person = await signedUp(backend, name)
  await activate(by ?? (await signedInAdmin(backend)), name)
  return signIn(person)
}

/** Activates a user, or deactivates them. */
export async function activate(by: Person, name: string, active = true): Promise<Answer> {
  const answer = await by.send('PATCH', `/api/users/${name}`, { active })
  expect(answer).toMatchObject({ status: 200, body: { name, active } })
  return answer
}

/** A personal token of somebody's. */
export async function tokenOf(person: Person, name = 'a tool'): Promise<{ id: string; secret: string }> {
  const answer = await person.send('POST', '/api/account/tokens', { name })
  expect(answer.status).toBe(201)
  return z.object({ id: z.string(), secret: z.string() }).parse(answer.body)
}

/** Headers of a tool that shows a token, or a name and a password. */
export function bearer(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}` }
}

export function basic(username: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}` }
}
