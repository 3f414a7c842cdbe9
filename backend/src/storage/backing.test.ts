import { expect, test } from '@jest/globals'
import { Backing, Backings, volumeNames, volumeObjects, volumeSource } from './backing.ts'

const nfs = { nfs: { server: 'files.example.org', path: '/export/remote' } }
const csi = { driver: 'files.example.org', volumeHandle: 'shared/{user}', volumeAttributes: { path: '/{user}/of/{user}' } }
const backings = Backings.parse({
  local: { persistentVolume: { csi, mountOptions: ['hard'] } },
  remote: nfs,
  shared: { hostPath: '/data/shared' },
})

test('a pod mounts what its user sees of a domain, from its root exactly', () => {
  expect(volumeSource(backings.local, 'local', 'alice')).toEqual({ persistentVolumeClaim: { claimName: 'karvdash-local' } })
  expect(volumeSource(backings.remote, 'remote', 'alice')).toEqual({
    nfs: { server: 'files.example.org', path: '/export/remote/alice' },
  })
  expect(volumeSource(backings.shared, 'shared', 'alice')).toEqual({ hostPath: { path: '/data/shared', type: 'Directory' } })
})

test('a domain of volumes has one for each user, rooted at their folder and kept for their claim', () => {
  const [volume, claim, ...more] = volumeObjects('alice', backings, { tag: 'x' })
  expect(more).toEqual([])
  expect(volume).toEqual({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'karvdash-local-alice', labels: { tag: 'x' } },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteMany'],
      csi: { driver: 'files.example.org', volumeHandle: 'shared/alice', volumeAttributes: { path: '/alice/of/alice' } },
      mountOptions: ['hard'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      claimRef: { namespace: 'karvdash-alice', name: 'karvdash-local' },
    },
  })
  expect(claim).toMatchObject({
    metadata: { name: 'karvdash-local', namespace: 'karvdash-alice', labels: { 'karvdash.io/guarded': 'true' } },
    spec: { volumeName: 'karvdash-local-alice', storageClassName: '', resources: { requests: { storage: '1Gi' } } },
  })
  expect(volumeNames('alice', backings)).toEqual(['karvdash-local-alice'])
})

test.each([
  [{ hostPath: 'data' }],
  [{ hostPath: '/data/' }],
  [{ hostPath: '/data/../etc' }],
  [{ hostPath: '/' }],
  [{ nfs: { server: '', path: '/x' } }],
  [{ nfs: { server: 'x', path: '../x' } }],
  [{ hostPath: '/data', nfs: nfs.nfs }],
  [{}],
])('%j is nothing that a domain could be', (backing) => {
  expect(Backing.safeParse(backing).success).toBe(false)
})
