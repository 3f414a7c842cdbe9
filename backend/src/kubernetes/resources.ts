import { Problem } from '@karvdash/common'

/** A kind as the API server's paths name it. */
export interface Resource {
  apiVersion: string
  kind: string
  plural: string
  namespaced: boolean
}

const karvdash = 'karvdash.io/v1'
const namespaced = (apiVersion: string, kind: string, plural: string): Resource => ({
  apiVersion,
  kind,
  plural,
  namespaced: true,
})
const clusterWide = (apiVersion: string, kind: string, plural: string): Resource => ({
  apiVersion,
  kind,
  plural,
  namespaced: false,
})

/** The kinds the platform itself touches: the list that the chart's roles allow. */
export const resources = {
  users: clusterWide(karvdash, 'User', 'users'),
  templates: namespaced(karvdash, 'Template', 'templates'),
  serviceRecords: namespaced(karvdash, 'ServiceRecord', 'servicerecords'),
  namespaces: clusterWide('v1', 'Namespace', 'namespaces'),
  serviceAccounts: namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  secrets: namespaced('v1', 'Secret', 'secrets'),
  configMaps: namespaced('v1', 'ConfigMap', 'configmaps'),
  pods: namespaced('v1', 'Pod', 'pods'),
  events: namespaced('v1', 'Event', 'events'),
  quotas: namespaced('v1', 'ResourceQuota', 'resourcequotas'),
  limitRanges: namespaced('v1', 'LimitRange', 'limitranges'),
  services: namespaced('v1', 'Service', 'services'),
  claims: namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  volumes: clusterWide('v1', 'PersistentVolume', 'persistentvolumes'),
  deployments: namespaced('apps/v1', 'Deployment', 'deployments'),
  replicaSets: namespaced('apps/v1', 'ReplicaSet', 'replicasets'),
  statefulSets: namespaced('apps/v1', 'StatefulSet', 'statefulsets'),
  daemonSets: namespaced('apps/v1', 'DaemonSet', 'daemonsets'),
  jobs: namespaced('batch/v1', 'Job', 'jobs'),
  endpointSlices: namespaced('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices'),
  nodes: clusterWide('v1', 'Node', 'nodes'),
  ingresses: namespaced('networking.k8s.io/v1', 'Ingress', 'ingresses'),
  networkPolicies: namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  roleBindings: namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  leases: namespaced('coordination.k8s.io/v1', 'Lease', 'leases'),
  mutatingWebhooks: clusterWide(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
  ),
} as const satisfies Record<string, Resource>

/** Where one object, or a collection, lives. */
export interface Place {
  namespace?: string | undefined
  name?: string | undefined
  subresource?: string | undefined
}

/** The API path of a resource, each part encoded as one segment. @throws Problem 422 for a part that would lead elsewhere. */
export function pathTo(resource: Resource, { namespace, name, subresource }: Place = {}): string {
  const group = resource.apiVersion.includes('/') ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`
  const scope = resource.namespaced && namespace !== undefined ? ['namespaces', namespace] : []
  const rest = [...scope, resource.plural, name, subresource].filter((part) => part !== undefined)
  return `${group}/${rest.map(segment).join('/')}`
}

function segment(part: string): string {
  // WHATWG URL: these segments are resolved away, however they are encoded.
  if (part === '' || part === '.' || part === '..')
    throw new Problem(422, 'Not a name', { detail: `"${part}" cannot be a name.` })
  return encodeURIComponent(part)
}
