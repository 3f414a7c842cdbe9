import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import {
  activate,
  activeUser,
  bearer,
  type Person,
  password,
  signedInAdmin,
  signIn,
  tokenOf,
  visitor,
} from '../support/people.ts'
import { send } from '../support/send.ts'
import { until } from '../support/until.ts'

let cluster: Cluster
let backend: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('leaving')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const newUser = (name: string) => activeUser(backend, name, admin)
const names = async (user: string, kind: string) =>
  (await cluster.kubectl('get', kind, '-n', `karvdash-${user}`, '-o', 'name')).split('\n').filter((name) => name !== '')
const isGone = (...args: string[]) =>
  cluster.kubectl('get', ...args, '--ignore-not-found', '-o', 'name').then((text) => text === '')
const folder = (user: string) => join(cluster.domains, 'local', user)

describe('a user who is deactivated', () => {
  test('has no rights in the namespace any more, nor pods, nor a token that works; activated again, all is as before', async () => {
    const anna = await newUser('anna')
    const { secret } = await tokenOf(anna)
    await cluster.kubectlAs('anna', 'create', 'serviceaccount', 'robot')
    await cluster.kubectlAs(
      'anna',
      'create',
      'rolebinding',
      'robots',
      '--clusterrole=view',
      '--serviceaccount=karvdash-anna:robot',
    )
    await cluster.kubectlAs('anna', 'create', 'deployment', 'web', '--image=docker.io/library/nginx')
    await until(async () => (await names('anna', 'pods')).length === 1)
    await activate(admin, 'anna', false)
    await expect(cluster.kubectlAs('anna', 'get', 'pods')).rejects.toThrow('forbidden')
    expect(await names('anna', 'rolebindings')).toEqual(['rolebinding.rbac.authorization.k8s.io/karvdash-platform'])
    await until(async () => (await names('anna', 'pods')).length === 0)
    expect(await send(`${backend.url}/api/account`, { headers: bearer(secret) })).toMatchObject({ status: 401 })

    await activate(admin, 'anna')
    expect(await names('anna', 'rolebindings')).toContain('rolebinding.rbac.authorization.k8s.io/robots')
    expect(await names('anna', 'resourcequotas')).not.toContain('resourcequota/karvdash-closed')
    await until(async () => (await names('anna', 'pods')).length === 1)
    expect(await send(`${backend.url}/api/account`, { headers: bearer(secret) })).toMatchObject({ status: 200 })
  })

  test('is shut out also where an administrator does it with kubectl, and what is made by hand meanwhile does not last', async () => {
    const bert = await newUser('bert')
    await cluster.kubectl('patch', 'user', 'bert', '--type=merge', '-p', '{"spec":{"active":false}}')
    await until(async () => (await bert.send('GET', '/api/session')).status === 401)
    await until(async () => (await names('bert', 'rolebindings')).length === 1)
    await cluster.kubectl(
      'create',
      'rolebinding',
      'back',
      '-n',
      'karvdash-bert',
      '--clusterrole=admin',
      '--serviceaccount=karvdash-bert:default',
    )
    await cluster.kubectl('label', 'rolebinding', 'back', '-n', 'karvdash-bert', 'app.kubernetes.io/managed-by=karvdash')
    await until(async () => (await names('bert', 'rolebindings')).length === 1)
  })
})

describe('a user who is deleted', () => {
  const remove = (name: string, files: string) => admin.send('DELETE', `/api/users/${name}?files=${files}`)

  test('is shown what goes with them before', async () => {
    const cora = await newUser('cora')
    await tokenOf(cora)
    await cora.send('POST', '/api/services', { template: 'hello' })
    await mkdir(join(folder('cora'), 'deep'))
    await writeFile(join(folder('cora'), 'deep', 'data'), 'x'.repeat(1000))
    expect(await admin.send('GET', '/api/users/cora/deletion')).toMatchObject({
      status: 200,
      body: {
        services: ['hello'],
        tokens: 1,
        files: [
          { domain: 'local', entries: 2, bytes: 1000, isComplete: true },
          { domain: 'remote', entries: 0, bytes: 0 },
        ],
      },
    })
    expect(await admin.send('GET', '/api/users/nobody/deletion')).toMatchObject({ status: 404 })
  })

  test.each(['keep', 'archive', 'erase'])(
    'goes with the namespace, the account and the services, whatever is to become of the files: %s',
    async (files) => {
      const name = `dora${files}`
      const dora = await newUser(name)
      await dora.send('POST', '/api/services', { template: 'hello' })
      await writeFile(join(folder(name), 'data'), 'x')
      expect(await remove(name, files)).toMatchObject({ status: 202, body: { name, leaving: true, active: false } })
      await until(() => isGone('user', name))
      expect(await isGone('namespace', `karvdash-${name}`)).toBe(true)
      await until(() => isGone('secret', `account.${name}`, '-n', 'karvdash'))
      expect(
        await stat(folder(name)).then(
          () => 'there',
          () => 'gone',
        ),
      ).toBe(files === 'keep' ? 'there' : 'gone')
      const archived = await readdir(join(cluster.domains, 'local/.archive')).catch(() => [])
      expect(archived.filter((one) => one.startsWith(`${name}-`))).toHaveLength(files === 'archive' ? 1 : 0)
      expect((await readdir(join(cluster.domains, 'local'))).filter((one) => one.startsWith('.erased'))).toEqual([])
      expect(await dora.send('GET', '/api/session')).toMatchObject({ status: 401 })
    },
  )

  test('attack: finalizers that the user set on objects, and on what comes of them, hold nothing up', async () => {
    await newUser('emil')
    const held = { metadata: { finalizers: ['example.org/never', 'kubernetes.io/pvc-protection'] } }
    for (const [kind, name] of [
      ['configmap', 'held'],
      ['secret generic', 'held'],
      ['serviceaccount', 'held'],
    ] as const) {
      await cluster.kubectlAs('emil', 'create', ...kind.split(' '), name)
      await cluster.kubectlAs('emil', 'patch', kind.split(' ')[0] ?? '', name, '--type=merge', '-p', JSON.stringify(held))
    }
    await remove('emil', 'erase')
    await until(() => isGone('user', 'emil'))
    expect(await isGone('namespace', 'karvdash-emil')).toBe(true)
  })

  test('leaves a name that nobody can sign up with while there are files of theirs', async () => {
    await newUser('frida')
    await remove('frida', 'keep')
    await until(() => isGone('user', 'frida'))
    const draft = { username: 'frida', password, email: 'frida@example.org' }
    expect(await visitor(backend).send('POST', '/api/users', draft)).toMatchObject({ status: 409 })
  })

  test('whose files went may come back as somebody new, with nothing of the old one', async () => {
    const gert = await newUser('gert')
    const { secret } = await tokenOf(gert)
    await remove('gert', 'erase')
    await until(() => isGone('user', 'gert'))
    await until(() => isGone('secret', 'account.gert', '-n', 'karvdash'))
    const again = await newUser('gert')
    expect(await send(`${backend.url}/api/account`, { headers: bearer(secret) })).toMatchObject({ status: 401 })
    expect((await again.send('GET', '/api/services')).body).toMatchObject({ items: [] })
  })

  test('is finished by whoever comes next when the backend is killed at it', async () => {
    const hugo = await newUser('hugo')
    await hugo.send('POST', '/api/services', { template: 'hello' })
    await cluster.kubectlAs('hugo', 'create', 'configmap', 'held')
    await writeFile(join(folder('hugo'), 'data'), 'x')
    await remove('hugo', 'archive')
    await backend.kill()
    backend = await cluster.backend()
    admin = await signedInAdmin(backend)
    // First the lease of the one that was killed runs out, which takes up to 20 s.
    await until(() => isGone('user', 'hugo'), 60_000)
    expect(await readdir(join(cluster.domains, 'local/.archive'))).toContainEqual(expect.stringMatching(/^hugo-.*\.tar\.gz$/))
  }, 120_000)

  test('is no administrator who does it to themselves, nor anybody by a token', async () => {
    expect(await remove('admin', 'erase')).toMatchObject({ status: 403 })
    const answer = await admin.send('POST', '/api/account/tokens', { name: 'all', scopes: ['admin'] })
    const { secret } = answer.body as { secret: string }
    const asked = { method: 'DELETE' as const, headers: bearer(secret) }
    expect(await send(`${backend.url}/api/users/anna?files=erase`, asked)).toMatchObject({ status: 403 })
    await signIn(visitor(backend, 'anna'))
  })
})
