import { createHash } from 'node:crypto'
import type { KubernetesObject } from './api.ts'
import { hardened } from './dns.ts'

const name = 'traefik'
const namespace = 'traefik'
const labels = { 'app.kubernetes.io/name': name }

/** What the ingress controller is made of. */
export interface IngressOptions {
  image: string
  /** The port on the node, and on the host: the same, so that an address with a port is right everywhere. */
  port: number
  /** PEM of the wildcard certificate and its key. */
  certificate: string
  key: string
}

/** Traefik on the node's network, reading Ingresses of class `nginx` with the annotations of ingress-nginx. */
export function ingressObjects(options: IngressOptions): KubernetesObject[] {
  const tls = Object.fromEntries(
    Object.entries({
      'tls.crt': options.certificate,
      'tls.key': options.key,
      'tls.json': JSON.stringify(defaultCertificate),
    }).map(([file, text]) => [file, Buffer.from(text).toString('base64')]),
  )
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
    ...rights,
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'wildcard', namespace }, data: tls },
    daemonSet(options, createHash('sha256').update(JSON.stringify(tls)).digest('hex').slice(0, 16)),
  ]
}

const folder = '/etc/traefik/dynamic'

const defaultCertificate = {
  tls: { stores: { default: { defaultCertificate: { certFile: `${folder}/tls.crt`, keyFile: `${folder}/tls.key` } } } },
}

const read = ['get', 'list', 'watch']

const rights: KubernetesObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      {
        apiGroups: [''],
        resources: ['services', 'secrets', 'configmaps', 'namespaces', 'nodes', 'pods', 'endpoints'],
        verbs: read,
      },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update', 'patch'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
]

function daemonSet({ image, port }: IngressOptions, fingerprint: string): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'karvdash.io/certificate': fingerprint } },
        spec: {
          serviceAccountName: name,
          priorityClassName: 'system-cluster-critical',
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name,
              image,
              args: traefikArgs(port),
              ports: [{ name: 'https', containerPort: port, hostPort: port }],
              readinessProbe: { httpGet: { host: '127.0.0.1', path: '/ping', port: 9000 }, periodSeconds: 1 },
              volumeMounts: [{ name: 'dynamic', mountPath: folder, readOnly: true }],
              securityContext: hardened,
            },
          ],
          volumes: [{ name: 'dynamic', secret: { secretName: 'wildcard', defaultMode: 0o444 } }],
        },
      },
    },
  }
}

function traefikArgs(port: number): string[] {
  return [
    `--entryPoints.websecure.address=:${port}`,
    '--entryPoints.websecure.asDefault=true',
    '--entryPoints.websecure.http.tls=true',
    // The default of 60 s is for the whole request, body included, and would cut every long upload.
    '--entryPoints.websecure.transport.respondingTimeouts.readTimeout=0',
    // A pod that was killed a moment ago answers to nothing: for the default of 30 s nobody would wait.
    '--serversTransport.forwardingTimeouts.dialTimeout=3s',
    '--entryPoints.traefik.address=127.0.0.1:9000',
    '--ping=true',
    // The default of 2 s is how long a service that runs may still be said to have no server.
    '--providers.providersThrottleDuration=200ms',
    '--providers.kubernetesingressnginx=true',
    `--providers.file.filename=${folder}/tls.json`,
    '--global.checkNewVersion=false',
    '--global.sendAnonymousUsage=false',
    '--log.level=WARN',
  ]
}
