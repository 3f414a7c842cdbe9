import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hashPassword } from '@karvdash/backend/users/passwords'
import type { Backend } from '../support/backend.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'
import { type Figure, limitFigure } from './figure.ts'
import { basic, type Ground } from './ground.ts'
import { startNginx } from './nginx.ts'
import { each, person } from './people.ts'
import { timed } from './statistics.ts'

const people = 200
const password = 'a password of theirs'
const origin = 'https://karvdash.test:8443'

/** So many people who sign in at the same moment, each with a password that nobody has shown before; nginx checks one of a bcrypt file. */
export async function signInFigures(ground: Ground, backend: Backend): Promise<Figure[]> {
  const names = Array.from({ length: people }, (_, n) => `early${n}`)
  const hash = await hashPassword(password)
  await each(names, (name) => person(ground, { name, uid: 60_000 + Number(name.slice('early'.length)), password: hash }))
  const folder = join(ground.folder, 'nginx-sign-in')
  await mkdir(folder)
  const nginx = await startNginx(folder, { username: 'early', password })
  try {
    await until(async () => (await signIn(backend, 'early199', 0)) === 200)
    const ours = await wave(names.slice(0, -1), (name, n) => signIn(backend, name, n))
    const locked = basic({ username: 'early', password })
    const peer = await wave(names.slice(0, -1), async () => (await send(nginx.url, { headers: locked })).status)
    return [
      limitFigure({ name: 'sign-in/rate', unit: '/s', pairs: [pairOf(ours.rate, peer.rate)], goal: { atLeast: 20 } }),
      limitFigure({ name: 'sign-in/p99', unit: 'ms', pairs: [pairOf(ours.p99Ms, peer.p99Ms)], goal: { atMost: 10_000 } }),
    ]
  } finally {
    await nginx.stop()
  }
}

const pairOf = (ours: number, peer: number) => ({ ours, peer })

async function signIn({ url }: Backend, username: string, n: number): Promise<number> {
  // Each from an address of their own: one address may not try so often.
  const headers = { origin, 'sec-fetch-site': 'same-origin', 'x-forwarded-proto': 'https', 'x-forwarded-for': `198.51.100.${n}` }
  return (await send(`${url}/api/session`, { method: 'POST', headers, body: { username, password } })).status
}

/** Everybody at once. */
async function wave(
  names: string[],
  ask: (name: string, n: number) => Promise<number>,
): Promise<{ rate: number; p99Ms: number }> {
  const took: number[] = []
  const one = async (name: string, n: number) => {
    const ms = await timed(async () => {
      const status = await ask(name, n)
      if (status !== 200) throw new Error(`${name} was answered ${status}`)
    })
    took.push(ms)
  }
  const all = await timed(() => Promise.all(names.map(one)))
  took.sort((a, b) => a - b)
  return { rate: (names.length / all) * 1000, p99Ms: took[Math.floor(took.length * 0.99)] ?? Number.NaN }
}
