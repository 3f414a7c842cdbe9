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
  /** Where the ingress controller asks the gate. */
  gateUrl: string
}

/**
 * Request headers that the ingress controller takes away unless the gate gives them back:
 * a platform credential never reaches a service.
 */
export const gateHeaders = ['Authorization', 'Cookie', 'X-Karvdash-User'] as const

/** The ingress of a service: every request through it is first shown to the gate. */
export function ingressObject({ service, host, backend, port, ingressClass, gateUrl }: Route): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: service,
      annotations: {
        'nginx.ingress.kubernetes.io/auth-url': gateUrl,
        'nginx.ingress.kubernetes.io/auth-response-headers': gateHeaders.join(','),
        'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      },
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
