import { at, attacksOn, create, object, patch, right } from './asks.ts'
import type { Attack } from './attack.ts'

const claims = (name?: string) => at('v1', 'persistentvolumeclaims', name)
const claim = (spec: object, metadata: object = {}) =>
  object('v1', 'PersistentVolumeClaim', 'data', {
    metadata,
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'any', resources: { requests: { storage: '1Gi' } }, ...spec },
  })
const onClaims = attacksOn(
  'a claim gets a volume of its class',
  "'karvdash-claims'",
  right('claims a volume of a class', create(claims(), claim({}))),
)
const controller = (name: string) => `system:serviceaccount:kube-system:${name}`
/** Attacks by claims. */
export const claimAttacks: Attack[] = [
  onClaims('claims a volume that was made for somebody', create(claims(), claim({ volumeName: 'alice-local' })), {
    expects: 'name its volume',
  }),
  onClaims('names the volume later', patch(claims('own'), { spec: { volumeName: 'alice-local' } }), {
    expects: 'name its volume',
    twin: right('labels a claim', patch(claims('own'), { metadata: { labels: { x: 'y' } } })),
  }),
  onClaims(
    'has a StatefulSet claim the volume',
    { ...create(claims(), claim({ volumeName: 'alice-local' })), as: controller('statefulset-controller') },
    {
      expects: 'name its volume',
      twin: right('has a StatefulSet claim a volume of a class', {
        ...create(claims(), claim({})),
        as: controller('statefulset-controller'),
      }),
    },
  ),
  onClaims(
    'has controllers with one account claim it',
    { ...create(claims(), claim({ volumeName: 'alice-local' })), as: 'system:kube-controller-manager' },
    {
      expects: /name its volume|cannot create resource/,
    },
  ),
  onClaims('claims without a class, which takes what lies about', create(claims(), claim({ storageClassName: '' })), {
    expects: 'has a storage class',
  }),
  onClaims('leaves the class out', create(claims(), claim({ storageClassName: null })), { expects: 'has a storage class' }),
  onClaims(
    'names another class in the older way',
    create(claims(), claim({}, { annotations: { 'volume.beta.kubernetes.io/storage-class': 'secret' } })),
    { expects: 'spec.storageClassName' },
  ),
]
