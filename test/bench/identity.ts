import { contract } from '@karvdash/common'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { send } from '../support/send.ts'
import { signedIn } from './browser.ts'
import { differenceFigure, type Figure, type Pair } from './figure.ts'
import { clientOf, type Ground, tenant } from './ground.ts'
import { load } from './load.ts'

const rounds = 5

/** What it costs to find out who makes a request, for each kind of credential: a request that needs none, with one and without. */
export async function identityFigures(ground: Ground, backend: Backend): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, headers] of Object.entries(await credentials(ground, backend))) {
    const pairs = await compared(backend, headers)
    figures.push(differenceFigure({ name: `identity/${name}-p50`, unit: 'ms', pairs, goal: { atMost: 0.3 } }))
  }
  return figures
}

async function credentials(ground: Ground, backend: Backend) {
  const { headers: session } = await signedIn(backend, tenant)
  const { secret } = await clientOf(backend, tenant).call(contract.createToken, { body: { name: 'identity' } })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  return {
    session: { cookie: session.cookie },
    token: bearer(secret),
    editor: bearer(await editorToken(backend, session)),
    pod: bearer(await podToken(ground)),
  }
}

/** An editor's, by a code that somebody approves in their browser (RFC 8628). */
async function editorToken({ url }: Backend, session: Record<string, string>): Promise<string> {
  const form = (path: string, fields: Record<string, string>) =>
    send(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-proto': 'https' },
      body: new URLSearchParams(fields).toString(),
    })
  const client = { client_id: 'karvdash-cli' }
  const asked = await form('/oauth/device_authorization', { ...client, machine: 'a bench' })
  const { device_code, user_code: code } = z.looseObject({ device_code: z.string(), user_code: z.string() }).parse(asked.body)
  await send(`${url}/api/account/editors`, { method: 'POST', headers: session, body: { code, isApproved: true } })
  const grant = { ...client, grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }
  return z.looseObject({ access_token: z.string() }).parse((await form('/oauth/token', grant)).body).access_token
}

async function compared({ url, pid }: Backend, headers: Record<string, string>): Promise<Pair[]> {
  const pairs: Pair[] = []
  const asked = { url: `${url}/api/version`, pid, connections: 1 }
  for (let round = -1; round < rounds; round++) {
    const [{ p50Ms: ours }, { p50Ms: peer }] = [await load({ ...asked, headers }), await load(asked)]
    if (round >= 0) pairs.push({ ours, peer })
  }
  return pairs
}

/** The token of a pod that was given an identity; no node runs it, which the check does not ask for. */
async function podToken({ cluster }: Ground): Promise<string> {
  const namespace = `karvdash-${tenant.username}`
  await cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'identity', namespace, annotations: { 'karvdash.io/identity': 'true' } },
    spec: { containers: [{ name: 'main', image: 'example.org/nothing' }] },
  })
  const bound = ['--audience=karvdash', '--bound-object-kind=Pod', '--bound-object-name=identity']
  return (await cluster.kubectl('create', 'token', 'default', '-n', namespace, ...bound)).trim()
}
