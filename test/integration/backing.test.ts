import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import * as z from 'zod'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { filesOf } from '../support/files.ts'
import { activeUser, type Person, signedInAdmin } from '../support/people.ts'
import { until } from '../support/until.ts'

const server = 'files.example.org'
const domains = {
  local: {
    persistentVolume: { nfs: { server, path: '/local/{user}' }, mountOptions: ['hard'] },
    claim: 'everything-local',
    allowance: '1Mi',
  },
  remote: { nfs: { server, path: '/export/remote' } },
  shared: { hostPath: '/srv/shared' },
}
let cluster: Cluster
let backend: Backend
let admin: Person
let alice: Person

beforeAll(async () => {
  cluster = await startCluster('backing', { domains })
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
}, 60_000)
afterAll(() => cluster?.stop())

const pod = (name: string, volumes: object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'karvdash-alice' },
  spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10' }], volumes },
})
const Pod = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    volumes: z.array(z.looseObject({ name: z.string() })),
    containers: z.array(
      z.looseObject({ volumeMounts: z.array(z.looseObject({ name: z.string(), readOnly: z.boolean().optional() })) }),
    ),
  }),
})
async function stored(name: string) {
  const output = await cluster.create(pod(name))
  const found = Pod.parse(JSON.parse(await cluster.kubectl('get', 'pod', name, '-n', 'karvdash-alice', '-o', 'json')))
  return { output, found, volumes: found.spec.volumes.filter((volume) => !volume.name.startsWith('kube-api')) }
}
const remote = { name: 'karvdash-remote', nfs: { server, path: '/export/remote/alice' } }

describe('domains that are volumes, exports and folders', () => {
  test('come into each pod as what they are, from the user’s own folder', async () => {
    expect((await stored('plain')).volumes).toEqual([
      { name: 'karvdash-local', persistentVolumeClaim: { claimName: 'karvdash-local' } },
      remote,
      { name: 'karvdash-shared', hostPath: { path: '/srv/shared', type: 'Directory' } },
    ])
  })

  test('a user’s volume is bound to their claim, and to no other', async () => {
    const claim = ['get', 'pvc', 'karvdash-local', '-n', 'karvdash-alice', '-o', 'jsonpath={.spec.volumeName} {.status.phase}']
    await until(async () => (await cluster.kubectl(...claim)) === 'karvdash-local-alice Bound')
    const volume = JSON.parse(await cluster.kubectl('get', 'pv', 'karvdash-local-alice', '-o', 'json')) as object
    expect(volume).toMatchObject({ spec: { nfs: { server, path: '/local/alice' }, persistentVolumeReclaimPolicy: 'Retain' } })
  })

  test.each([
    ['another user’s part of an export', { nfs: { server, path: '/export/remote/bob' } }],
    ['the whole of an export', { nfs: { server, path: '/export/remote' } }],
    ['a way out of it', { nfs: { server, path: '/export/remote/alice/../bob' } }],
    ['a folder in it, which could be a link', { nfs: { server, path: '/export/remote/alice/deeper' } }],
    ['what the volumes are made of', { nfs: { server, path: '/local/alice' } }],
    ['another server', { nfs: { server: 'evil.example.org', path: '/export/remote/alice' } }],
    ['a folder of the node that is a domain elsewhere', { hostPath: { path: '/local/alice' } }],
  ])('attack: a pod mounts %s', async (_, source) => {
    await expect(cluster.create(pod('attack', [{ name: 'x', ...source }]))).rejects.toThrow(/pod mounts are the domains|no more/)
  })

  test('attack: a tenant takes the claim away, to make one of their own under its name', async () => {
    await expect(cluster.kubectlAs('alice', 'delete', 'pvc', 'karvdash-local')).rejects.toThrow(/karvdash-guarded/)
  })

  const volume = (name: string, spec: object) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], storageClassName: '', mountOptions: ['hard'], ...spec },
  })
  const claimRef = { namespace: 'karvdash-bob', name: 'karvdash-local' }
  const nfs = { server, path: '/local/bob' }
  const asPlatform = (object: object) => cluster.createAs('system:serviceaccount:karvdash:karvdash', object)

  test.each([
    ['a folder of the node', volume('karvdash-local-bob', { claimRef, hostPath: { path: '/' } })],
    ['somebody else’s folder', volume('karvdash-local-bob', { claimRef, nfs: { server, path: '/local/alice' } })],
    ['another server', volume('karvdash-local-bob', { claimRef, nfs: { ...nfs, server: 'evil.example.org' } })],
    ['somebody else’s claim', volume('karvdash-local-bob', { claimRef: { ...claimRef, namespace: 'karvdash-alice' }, nfs })],
    ['no claim', volume('karvdash-local-bob', { nfs })],
    ['a name of its own', volume('karvdash-everything', { claimRef, nfs })],
    [
      'a domain that is none of volumes',
      volume('karvdash-remote-bob', { claimRef: { ...claimRef, name: 'karvdash-remote' }, nfs }),
    ],
  ])('attack: with the platform’s account, a volume of %s is made', async (_, object) => {
    await expect(asPlatform(object)).rejects.toThrow(/makes the volumes that are configured/)
  })

  test('the platform’s account makes the volume that is configured', async () => {
    expect(await asPlatform(volume('karvdash-local-bob', { claimRef, nfs }))).toContain('created')
    await cluster.kubectl('delete', 'pv', 'karvdash-local-bob')
  })

  test('a user who is deleted leaves no volume behind', async () => {
    await activeUser(backend, 'carol', admin)
    await until(() => cluster.kubectl('get', 'pv', 'karvdash-local-carol'))
    expect((await admin.send('DELETE', '/api/users/carol?files=keep')).status).toBe(202)
    await until(async () => (await cluster.kubectl('get', 'pv', 'karvdash-local-carol', '--ignore-not-found')) === '')
  }, 60_000)
})

describe('a domain in which each user may have so much', () => {
  const mebibyte = 1024 * 1024

  test('refuses what is beyond that, with the numbers, whichever way it comes; another domain takes it', async () => {
    const files = await filesOf(backend, alice)
    await files.write('half', 'x'.repeat(mebibyte / 2))
    const refusal = { status: 507, extra: { code: 'quota-reached', allowed: mebibyte, free: mebibyte / 2 } }
    await expect(files.write('too-much', 'x'.repeat(mebibyte / 2 + 1))).rejects.toMatchObject(refusal)
    expect(await files.list()).not.toContain('too-much')
    const remoteFiles = await filesOf(backend, alice, 'remote')
    await remoteFiles.write('large', 'x'.repeat(mebibyte))
    const { id } = await files.client.call(contract.startJob, {
      body: { kind: 'copy', entries: [{ domain: 'remote', path: 'large' }], to: { domain: 'local', path: '' } },
    })
    const ended = await until(async () => {
      const found = await files.client.call(contract.getJob, { params: { job: id } })
      return found.endedAt !== undefined && found
    })
    expect(ended).toMatchObject({ phase: 'failed', detail: expect.stringContaining('You may have 1.0 MiB in /local') })
    const usage = await files.client.call(contract.getUsage, { params: { domain: 'local' }, query: { path: '' } })
    expect(usage).toMatchObject({ allowed: mebibyte, bytes: mebibyte / 2 })
    await files.remove('half')
  })
})

describe('a domain whose storage is away', () => {
  const folder = () => join(cluster.domains, 'remote')
  const away = (isAway: boolean) => (isAway ? rename(folder(), `${folder()}-away`) : rename(`${folder()}-away`, folder()))

  test('says so, the others go on, and pods start with a folder in its place that cannot be written to', async () => {
    await away(true)
    try {
      await until(async () => (await stateOf('remote')).away === true)
      expect((await stateOf('remote')).description).toContain('does not answer')
      const files = await filesOf(backend, alice)
      await files.write('note.txt', 'goes on')
      await expect((await filesOf(backend, alice, 'remote')).list()).rejects.toMatchObject({ status: 503 })
      const { found, volumes, output } = await stored('without')
      expect(output).toContain('created')
      expect(volumes).toContainEqual({ name: 'karvdash-remote', emptyDir: {} })
      expect(found.spec.containers[0]?.volumeMounts).toContainEqual({
        name: 'karvdash-remote',
        mountPath: '/remote',
        readOnly: true,
      })
      expect(found.metadata.annotations).toMatchObject({ 'karvdash.io/domains-away': 'remote' })
    } finally {
      await away(false)
    }
    await until(async () => (await stateOf('remote')).writable === true)
    expect((await stored('with-all')).volumes).toContainEqual(remote)
  })

  const Domains = z.object({
    items: z.array(z.object({ name: z.string(), description: z.string(), writable: z.boolean(), away: z.boolean().optional() })),
  })
  async function stateOf(name: string) {
    const { items } = Domains.parse((await alice.send('GET', '/api/storage')).body)
    const found = items.find((domain) => domain.name === name)
    if (!found) throw new Error(`There is no ${name}`)
    return found
  }
})
