import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, contract } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { domain } from '../support/cluster.ts'
import { type Answer, send } from '../support/send.ts'
import { type Figure, ratioFigure } from './figure.ts'
import { basic, type Ground, tenant } from './ground.ts'
import { type Load, load } from './load.ts'
import { type Nginx, startNginx } from './nginx.ts'

const rounds = 3
const host = `gated-${tenant.username}.${domain}`

/** The gate's answer to a browser with its cookie and to a tool with Basic, against nginx checking a password of a bcrypt file. */
export async function gateFigures({ folder }: Ground, running: { backend: Backend; client: Client }): Promise<Figure[]> {
  await running.client.call(contract.launchService, { body: { template: 'ten', name: 'gated', values: {} } })
  const place = join(folder, 'nginx')
  await mkdir(place)
  const nginx = await startNginx(place, tenant)
  try {
    const cookie = { cookie: await gateCookie(running.backend), 'sec-fetch-site': 'same-origin' }
    const byCookie = await compared(running.backend, nginx, cookie)
    const byBasic = await compared(running.backend, nginx, basic(tenant))
    return [...figures('cookie', byCookie), ...figures('basic', byBasic)]
  } finally {
    await nginx.stop()
  }
}

interface LoadPair {
  ours: Load
  peer: Load
}

async function compared(backend: Backend, nginx: Nginx, credentials: Record<string, string>): Promise<LoadPair[]> {
  const pairs: LoadPair[] = []
  for (let round = -1; round < rounds; round++) {
    const ours = await load(`${backend.url}/gate`, { ...shown('/'), ...credentials }, backend.pid)
    const peer = await load(nginx.url, basic(tenant), nginx.pid)
    if (round >= 0) pairs.push({ ours, peer })
  }
  return pairs
}

function figures(credential: string, pairs: LoadPair[]): Figure[] {
  const of = (what: keyof Load) => pairs.map(({ ours, peer }) => ({ ours: ours[what], peer: peer[what] }))
  return [
    ratioFigure({ name: `gate/${credential}-rate`, unit: '/s/core', pairs: of('perCpuSecond'), goal: { atLeast: 1 } }),
    ratioFigure({ name: `gate/${credential}-p99`, unit: 'ms', pairs: of('p99Ms'), goal: { atMost: 1 } }),
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
