import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, contract } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { domain } from '../support/cluster.ts'
import { type Answer, send } from '../support/send.ts'
import { type Figure, ratioFigure } from './figure.ts'
import { basic, type Ground, tenant } from './ground.ts'
import { type Asked, type Load, load } from './load.ts'
import { startNginx } from './nginx.ts'

const rounds = 3
const host = `gated-${tenant.username}.${domain}`

/**
 * The gate's answer to a browser with its cookie and to a tool with Basic, against nginx checking a password of a bcrypt file; and what
 * asking anybody costs nginx, who then always agrees.
 */
export async function gateFigures({ folder }: Ground, running: { backend: Backend; client: Client }): Promise<Figure[]> {
  await running.client.call(contract.launchService, { body: { template: 'ten', name: 'gated', values: {} } })
  const place = join(folder, 'nginx')
  await mkdir(place)
  const nginx = await startNginx(place, tenant)
  try {
    const cookie = { cookie: await gateCookie(running.backend), 'sec-fetch-site': 'same-origin' }
    const asked = { url: nginx.askedUrl, pid: nginx.pid }
    const locked = { url: nginx.url, pid: nginx.pid, headers: basic(tenant) }
    return [
      ...figures('cookie', await compared(running.backend, cookie, locked), { rate: 1, p99: 1 }),
      ...figures('basic', await compared(running.backend, basic(tenant), locked), { rate: 1, p99: 1 }),
      // nginx answers itself, in C, without a look at anything: near it is good enough.
      ...figures('cookie-to-static', await compared(running.backend, cookie, asked), { rate: 0.1, p99: 10 }),
    ]
  } finally {
    await nginx.stop()
  }
}

interface LoadPair {
  ours: Load
  peer: Load
}

async function compared(backend: Backend, credentials: Record<string, string>, peerAsked: Asked): Promise<LoadPair[]> {
  const pairs: LoadPair[] = []
  for (let round = -1; round < rounds; round++) {
    const ours = await load({ url: `${backend.url}/gate`, headers: { ...shown('/'), ...credentials }, pid: backend.pid })
    const peer = await load(peerAsked)
    if (round >= 0) pairs.push({ ours, peer })
  }
  return pairs
}

function figures(credential: string, pairs: LoadPair[], goal: { rate: number; p99: number }): Figure[] {
  const of = (what: keyof Load) => pairs.map(({ ours, peer }) => ({ ours: ours[what], peer: peer[what] }))
  return [
    ratioFigure({ name: `gate/${credential}-rate`, unit: '/s/core', pairs: of('perCpuSecond'), goal: { atLeast: goal.rate } }),
    ratioFigure({ name: `gate/${credential}-p99`, unit: 'ms', pairs: of('p99Ms'), goal: { atMost: goal.p99 } }),
  ]
}

/** What the ingress controller adds to a request that it shows to the gate. */
function shown(uri: string): Record<string, string> {
  return {
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': `${host}:8443`,
    'x-forwarded-method': 'GET',
    'x-forwarded-uri': uri,
  }
}

/** Signs in at the dashboard and goes to the service from there, as a browser does; gives the cookie that the gate sets. */
async function gateCookie({ url }: Backend): Promise<string> {
  const browser = { 'x-forwarded-proto': 'https', origin: `https://${domain}:8443`, 'sec-fetch-site': 'same-origin' }
  const session = await send(`${url}/api/session`, { method: 'POST', headers: browser, body: tenant })
  const entered = await send(`${url}/enter?${new URLSearchParams({ host, path: '/' })}`, { headers: { cookie: pairOf(session) } })
  const { pathname, search } = new URL(entered.headers['location'] ?? '')
  return pairOf(await send(`${url}/gate`, { headers: shown(pathname + search) }))
}

function pairOf({ status, text, cookies: [cookie] }: Answer): string {
  if (cookie === undefined) throw new Error(`There is no cookie in an answer of ${status}: ${text}`)
  return cookie.split(';')[0] ?? ''
}
