import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { run } from '@karvdash/local/command'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { decide } from '../support/oauth.ts'
import { activeUser, signedInAdmin } from '../support/people.ts'

let cluster: Cluster
let backend: Backend

beforeAll(async () => {
  cluster = await startCluster('authlib')
  backend = await cluster.backend()
}, 60_000)
afterAll(() => cluster?.stop())

test('authlib signs in by a code of the browser and by one that is typed, refreshes, and revokes', async () => {
  const alice = await activeUser(backend, 'alice', await signedInAdmin(backend))
  const here = fileURLToPath(new URL('../support/authlib/', import.meta.url))
  const venv = fileURLToPath(new URL('../../jupyterlab-ext/venv.mjs', import.meta.url))
  const python = join((await run(process.execPath, [venv, `${here}requirements.txt`])).trim(), 'bin/python')
  const env = { PATH: process.env['PATH'], AUTHLIB_INSECURE_TRANSPORT: 'true' }
  const client = spawn(python, [`${here}client.py`, backend.url], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(client, 'exit')
  const told: Record<string, unknown>[] = []
  for await (const line of createInterface({ input: client.stdout })) {
    const { open, code, ...rest } = JSON.parse(line) as Record<string, string>
    if (open !== undefined) client.stdin.write(`${await decide(alice, open.slice(backend.url.length))}\n`)
    if (code !== undefined) await alice.send('POST', '/api/account/editors', { code, isApproved: true })
    told.push(rest)
  }
  await ended
  expect(told.at(-1)).toEqual({ signed_in: 'alice', after_refresh: 'alice', after_revocation: 401, by_code: 'alice' })
}, 90_000)
