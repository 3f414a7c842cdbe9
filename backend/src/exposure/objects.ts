import { type Config, originOf } from '../config.ts'
import type { KubeObject } from '../kubernetes/objects.ts'

/** Where a service answers from outside. */
export interface Route {
  /** Name of the service, and of the ingress. */
  service: string
  host: string
  /** The Kubernetes Service behind it. */
  backend: string
  port: number | string
  ingressClass: string
  /** Annotations by which the ingress controller finds out whom to let in. */
  entrance: Record<string, string>
}

/**
 * Request headers that the ingress controller takes away unless the gate gives them back:
 * a platform credential never reaches a service.
 */
export const gateHeaders = ['Authorization', 'Cookie', 'X-Karvdash-User'] as const

type GateConfig = Pick<Config, 'serviceName' | 'namespace' | 'domain' | 'publicPort' | 'ingressManner'>

/** The gate at a host, as the chart's policy for Ingresses demands it. */
export function gateEntrance(host: string, config: GateConfig): Record<string, string> {
  const { serviceName, namespace, ingressManner } = config
  const url = `http://${serviceName}.${namespace}.svc.cluster.local/gate`
  const asked: Record<string, string> =
    ingressManner === 'traefik'
      ? { [annotation('auth-url')]: url }
      : { [annotation('auth-url')]: `${url}/${host}`, [annotation('auth-signin')]: `${originOf(config)}/enter` }
  return { ...asked, [annotation('auth-response-headers')]: gateHeaders.join(',') }
}

/** The ingress of a service, with its entrance. */
export function ingressObject({ service, host, backend, port, ingressClass, entrance }: Route): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: service,
      annotations: { ...entrance, [annotation('proxy-body-size')]: '0' },
    },
    spec: {
      ingressClassName: ingressClass,
      // No secretName: the controller's default certificate serves, and its key stays out of tenants' namespaces.
      tls: [{ hosts: [host] }],
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: backend, port: typeof port === 'number' ? { number: port } : { name: port } } },
              },
            ],
          },
        },
      ],
    },
  }
}

function annotation(name: string): string {
  return `nginx.ingress.kubernetes.io/${name}`
}
