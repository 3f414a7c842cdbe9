import type { Attack } from './attack.ts'
import { refusedPods, withVolume } from './pod.ts'

const hostPath = (path: string, type?: string) => ({ hostPath: { path, ...(type !== undefined && { type }) } })
const own = withVolume(hostPath('{domains}/local/mallory', 'Directory'), { subPath: 'results', readOnly: true })

const types = refusedPods(
  {
    promise: 'storage is mounted by claims alone',
    expects: 'A volume is a configMap, secret, emptyDir,',
    twin: [
      'a pod with a volume of each kind that is a user’s',
      {
        volumes: [
          { name: 'a', configMap: { name: 'a' } },
          { name: 'b', secret: { secretName: 'b' } },
          { name: 'c', emptyDir: {} },
          { name: 'd', downwardAPI: {} },
          { name: 'e', persistentVolumeClaim: { claimName: 'e' } },
          { name: 'f', projected: { sources: [{ configMap: { name: 'a' } }, { secret: { name: 'b' } }] } },
          {
            name: 'g',
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'x', resources: { requests: { storage: '1Gi' } } },
              },
            },
          },
        ],
      },
    ],
  },
  {
    'a disk by iSCSI': withVolume({ iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2026-01.test:disk', lun: 0 } }),
    'a disk by Fibre Channel': withVolume({ fc: { targetWWNs: ['500a0982991b8dc5'], lun: 2 } }),
    'a volume of a storage driver without a claim': withVolume({ csi: { driver: 'secrets-store.csi.k8s.io' } }),
    'a volume of a program on the node': withVolume({ flexVolume: { driver: 'evil/driver' } }),
    'a volume that is an image': withVolume({ image: { reference: 'docker.io/library/busybox' } }),
    'a volume of Ceph': withVolume({ cephfs: { monitors: ['10.0.0.1:6789'], path: '/' } }),
    'a disk of Ceph': withVolume({ rbd: { monitors: ['10.0.0.1:6789'], image: 'colleagues' } }),
    'a volume of GlusterFS': withVolume({ glusterfs: { endpoints: 'cluster', path: 'everyone' } }),
    'a volume of git, which runs programs of the repository': withVolume({
      gitRepo: { repository: 'https://evil.example/hooks.git' },
    }),
    'a disk of the cloud': withVolume({ awsElasticBlockStore: { volumeID: 'vol-0123456789' } }),
    'a share of the cloud': withVolume({ azureFile: { secretName: 'a', shareName: 'colleagues' } }),
  },
)

const exports = refusedPods(
  {
    promise: 'of a storage server’s exports a pod sees its user’s domains alone',
    expects: 'The only exports that a pod mounts',
    twin: ['a pod that mounts a claim', withVolume({ persistentVolumeClaim: { claimName: 'data' } })],
  },
  { 'a volume of the storage server, which asks for no password': withVolume({ nfs: { server: '10.0.0.1', path: '/' } }) },
)

const folders = refusedPods(
  {
    promise: 'of a node’s folders a pod sees its user’s domains alone',
    expects: 'The only folders of a node that a pod mounts',
    twin: ['a pod that mounts a folder of its own domain', own],
  },
  {
    'the root of the node': withVolume(hostPath('/')),
    'the passwords of the node': withVolume(hostPath('/etc', 'Directory')),
    'the tokens of all pods of the node': withVolume(hostPath('/var/lib/kubelet')),
    'the socket of the container runtime': withVolume(hostPath('/run/containerd/containerd.sock', 'Socket')),
    'a disk of the node': withVolume(hostPath('/dev/sda', 'BlockDevice')),
    'the folder of everybody’s domains': withVolume(hostPath('{domains}')),
    'the folder of everybody’s local domain': withVolume(hostPath('{domains}/local')),
    'a colleague’s local domain': withVolume(hostPath('{domains}/local/alice', 'Directory')),
    'a colleague’s remote domain': withVolume(hostPath('{domains}/remote/alice', 'Directory')),
    'a link that was planted in the own domain': withVolume(hostPath('{domains}/local/mallory/evil')),
    'a link that was planted in the shared domain': withVolume(hostPath('{domains}/shared/evil')),
    'the own domain with a slash at its end': withVolume(hostPath('{domains}/local/mallory/')),
    'the own domain with two slashes': withVolume(hostPath('{domains}/local//mallory')),
    'the own domain by way of itself': withVolume(hostPath('{domains}/local/./mallory')),
    'a folder whose name begins like the own': withVolume(hostPath('{domains}/local/mallory2')),
    'the own domain in capitals': withVolume(hostPath('{domains}/local/MALLORY')),
    'the own domain with a zero in its name': withVolume(hostPath('{domains}/local/mallory\u0000')),
    'the own domain, to be made by the node where it is missing': withVolume(
      hostPath('{domains}/local/mallory', 'DirectoryOrCreate'),
    ),
  },
)

const climbing = refusedPods(
  {
    promise: 'of a node’s folders a pod sees its user’s domains alone',
    expects: "must not contain '..'",
    twin: ['a pod that mounts a folder of its own domain', own],
  },
  {
    'a path that climbs out of the own domain': withVolume(hostPath('{domains}/local/mallory/../alice')),
    'a subPath that climbs out of the own domain': withVolume(hostPath('{domains}/local/mallory'), { subPath: '../alice' }),
  },
)

/** The webhook refuses the name first; the rule is there without it. */
const smuggled = refusedPods(
  {
    promise: 'of a node’s folders a pod sees its user’s domains alone',
    expects: /The volume name "karvdash-local" is the platform's|The only folders of a node that a pod mounts/,
    twin: [
      'a pod that names its own domain as the platform does',
      withVolume(hostPath('{domains}/local/mallory', 'Directory'), {}, 'karvdash-local'),
    ],
  },
  {
    'the node’s root under a name of the platform’s': withVolume(hostPath('/'), {}, 'karvdash-local'),
    'a colleague’s domain under a name of the platform’s': withVolume(hostPath('{domains}/local/alice'), {}, 'karvdash-local'),
  },
)

const token = (serviceAccountToken: object, name = 'data') =>
  withVolume({ projected: { sources: [{ serviceAccountToken }] } }, {}, name)

const longTokens = refusedPods(
  {
    promise: 'tokens of a pod are short, and the platform’s are the platform’s to give',
    expects: 'A token in a pod lasts an hour at most',
    twin: ['a pod with a token for a vault', token({ audience: 'vault', path: 'token', expirationSeconds: 3600 })],
  },
  {
    'a token that lasts a day': token({ path: 'token', expirationSeconds: 86_400 }),
    'a token of the platform’s that lasts a year': token(
      { audience: 'karvdash', path: 'token', expirationSeconds: 31_536_000 },
      'karvdash-identity',
    ),
  },
)

const platformTokens = refusedPods(
  {
    promise: 'tokens of a pod are short, and the platform’s are the platform’s to give',
    expects: "Tokens of audience karvdash come with the pod's identity",
    twin: [
      'a pod with the identity that the platform gives',
      token({ audience: 'karvdash', path: 'token', expirationSeconds: 3600 }, 'karvdash-identity'),
    ],
  },
  {
    'a token of the platform’s in a volume of one’s own': token({ audience: 'karvdash', path: 'token' }),
    'a token of the platform’s at another path': token({ audience: 'karvdash', path: 'other' }, 'karvdash-identity'),
  },
)

const volume: Attack = {
  promise: 'storage is mounted by claims alone',
  name: 'a volume of the node’s root made by hand, to be claimed',
  expects: /cannot create resource "persistentvolumes" .* at the cluster scope/,
  verb: 'create',
  path: '/api/v1/persistentvolumes',
  body: {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'evil' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], hostPath: { path: '/' } },
  },
}

/** Pods with storage that is not theirs to mount. */
export const volumeAttacks: Attack[] = [
  ...types,
  ...exports,
  ...folders,
  ...climbing,
  ...smuggled,
  ...longTokens,
  ...platformTokens,
  volume,
]
