import { parseQuantity } from '@karvdash/common'
import { openApi } from '@karvdash/local/api'
import { binary, moduleVersion } from '@karvdash/local/binaries'
import { pushBinaryImage } from '@karvdash/local/images/binary'
import { type System, until } from './system.ts'

const namespace = 'kube-system'
const name = 'metrics-server'
const labels = { 'k8s-app': name }
const rbac = 'rbac.authorization.k8s.io'
const api = 'v1beta1.metrics.k8s.io'

/** A metrics-server on the node, as clusters have one. */
export interface MetricsServer {
  /** What it says of a user's pods, in billionths of a processor. */
  usage(user: string): Promise<Map<string, number>>
  /** Ends it, and leaves its API registered: nobody answers there. */
  leave(): Promise<void>
  /** Removes it, its API too. */
  remove(): Promise<void>
}

/** Installs one, and waits until it answers. */
export async function installMetricsServer(system: System): Promise<MetricsServer> {
  const version = await moduleVersion(name, 'sigs.k8s.io/metrics-server')
  const image = `registry.k8s.io/metrics-server/metrics-server:${version}`
  const program = await binary(name)
  await pushBinaryImage({ mirror: system.node.mirrorUrl, reference: image, binary: program, entrypoint: [`/${name}`] })
  const node = await openApi(system.node.access)
  await node.apply(objects(image))
  node.close()
  const read = (user: string) => system.kubectl('get', '--raw', `/apis/metrics.k8s.io/v1beta1/namespaces/karvdash-${user}/pods`)
  await until('metrics.k8s.io to answer', () => read('none'), 120_000)
  return {
    usage: async (user) => usageIn(await read(user)),
    async leave() {
      await system.kubectl('-n', namespace, 'scale', `deployment/${name}`, '--replicas=0')
      await system.kubectl('-n', namespace, 'wait', '--for=delete', 'pod', '-l', `k8s-app=${name}`, '--timeout=60s')
    },
    async remove() {
      await system.kubectl('delete', 'apiservice', api, '--ignore-not-found')
      await system.kubectl('-n', namespace, 'delete', 'deployment,service', name, '--ignore-not-found')
    },
  }
}

function usageIn(text: string): Map<string, number> {
  const { items } = JSON.parse(text) as { items: { metadata: { name: string }; containers: { usage: { cpu: string } }[] }[] }
  return new Map(
    items.map(({ metadata, containers }) => [
      metadata.name,
      containers.reduce((sum, { usage }) => sum + Number(parseQuantity(usage.cpu)), 0),
    ]),
  )
}

/** What upstream's manifest has, with the kubelet's certificate verified. */
function objects(image: string) {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }]
  const binding = (kind: 'ClusterRole' | 'Role', role: string) => ({ roleRef: { apiGroup: rbac, kind, name: role }, subjects })
  const group = `${rbac}/v1`
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      ...{ apiVersion: group, kind: 'ClusterRole', metadata: { name: 'system:aggregated-metrics-reader', labels: aggregated } },
      rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      ...{ apiVersion: group, kind: 'ClusterRole', metadata: { name: `system:${name}` } },
      rules: [
        { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: group,
      kind: 'ClusterRoleBinding',
      metadata: { name: `system:${name}` },
      ...binding('ClusterRole', `system:${name}`),
    },
    {
      ...{ apiVersion: group, kind: 'ClusterRoleBinding', metadata: { name: `${name}:system:auth-delegator` } },
      ...binding('ClusterRole', 'system:auth-delegator'),
    },
    {
      ...{ apiVersion: group, kind: 'RoleBinding', metadata: { name: `${name}-auth-reader`, namespace } },
      ...binding('Role', 'extension-apiserver-authentication-reader'),
    },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
      spec: { selector: labels, ports: [{ name: 'https', port: 443, targetPort: 'https' }] },
    },
    deployment(image),
    {
      ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: api } },
      spec: {
        ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
        ...{ service: { name, namespace }, insecureSkipTLSVerify: true },
      },
    },
  ]
}

const aggregated = Object.fromEntries(['view', 'edit', 'admin'].map((role) => [`${rbac}/aggregate-to-${role}`, 'true']))

function deployment(image: string) {
  const args = [
    ...['--cert-dir=/tmp', '--secure-port=10250', '--metric-resolution=15s'],
    ...['--kubelet-preferred-address-types=InternalIP'],
    '--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
  ]
  const container = {
    ...{ name, image, args, ports: [{ name: 'https', containerPort: 10250 }] },
    readinessProbe: { httpGet: { path: '/readyz', port: 'https', scheme: 'HTTPS' }, periodSeconds: 1, failureThreshold: 60 },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  }
  const spec = { serviceAccountName: name, containers: [container], volumes: [{ name: 'tmp', emptyDir: {} }] }
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  }
}
