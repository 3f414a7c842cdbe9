import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { binary } from '@karvdash/local/binaries'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Front, startFront } from '../support/jupyter-front.ts'
import { activate, activeUser, bearer, type Person, signedInAdmin, tokenOf } from '../support/people.ts'
import { send } from '../support/send.ts'

const execute = promisify(execFile)
let cluster: Cluster
let backend: Backend
let front: Front
let admin: Person
let alice: Person
let folder: string

beforeAll(async () => {
  cluster = await startCluster('kubeconfig')
  backend = await cluster.backend({ KARVDASH_CLUSTER_URL: cluster.plane.url })
  front = await startFront(backend)
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  folder = await mkdtemp(join(tmpdir(), 'karvdash-kubeconfig-'))
}, 60_000)
afterAll(async () => {
  await front?.stop()
  await cluster?.stop()
  await rm(folder, { recursive: true })
})

/** kubectl with the kubeconfig that alice downloads, as she would use it on her laptop. */
async function kubectl(secret: string, ...args: string[]): Promise<string> {
  const { body } = await alice.send('GET', '/api/account/kubeconfig')
  // The test's backend does not stand at the dashboard's name.
  const config = JSON.stringify(body).replaceAll('https://karvdash.test:8443', front.url)
  await writeFile(join(folder, 'config'), config)
  await writeFile(join(folder, 'header'), `Authorization: Bearer ${secret}\n`)
  const env = {
    ...process.env,
    KUBECONFIG: join(folder, 'config'),
    KARVDASH_TOKEN: join(folder, 'header'),
    CURL_CA_BUNDLE: front.caFile,
  }
  const { stdout } = await execute(await binary('kubernetes'), ['kubectl', ...args], { env, cwd: folder })
  return stdout
}

test('kubectl works in the own namespace with what the account page offers, and nothing secret is in that file', async () => {
  const { secret } = await tokenOf(alice)
  expect(await kubectl(secret, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(
    'system:serviceaccount:karvdash-alice:default',
  )
  await kubectl(secret, 'create', 'configmap', 'mine')
  expect(await kubectl(secret, 'get', 'configmaps', '-o', 'name')).toContain('configmap/mine')
  await expect(kubectl(secret, 'get', 'pods', '-n', 'karvdash')).rejects.toThrow('forbidden')
  const file = (await alice.send('GET', '/api/account/kubeconfig')).text
  expect(file).not.toMatch(/"token":|kvd_|client-key/)
})

test('a token of the cluster lasts an hour, and is for whoever may do things in services alone', async () => {
  const made = await alice.send('POST', '/api/account/tokens', { name: 'reader', scopes: ['services', 'read-only'] })
  const reader = { method: 'POST' as const, headers: bearer((made.body as { secret: string }).secret) }
  expect(await send(`${backend.url}/api/account/cluster-token`, reader)).toMatchObject({ status: 403 })
  const { status } = (await alice.send('POST', '/api/account/cluster-token')).body as { status: { expirationTimestamp: string } }
  expect(Date.parse(status.expirationTimestamp) - Date.now()).toBeLessThanOrEqual(3_660_000)
})

test('a token of the cluster opens nothing once its user is deactivated', async () => {
  const { secret } = await tokenOf(alice)
  await kubectl(secret, 'get', 'pods')
  const { status } = (await alice.send('POST', '/api/account/cluster-token')).body as { status: { token: string } }
  await activate(admin, 'alice', false)
  const { stdout } = await execute('curl', [
    ...['--silent', '--cacert', cluster.plane.caFile, '--header', `authorization: Bearer ${status.token}`],
    `${cluster.plane.url}/api/v1/namespaces/karvdash-alice/pods`,
  ])
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', code: 403 })
})
