import { createHash } from 'node:crypto'
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

/** The user name that goes with a service's own password. */
export const passwordUsername = 'karvdash'

/** A password of the service's own: the controller itself checks it, and passes it on to the service. */
export function passwordEntrance(service: string): Record<string, string> {
  return {
    [annotation('auth-type')]: 'basic',
    [annotation('auth-secret')]: htpasswdName(service),
    [annotation('auth-realm')]: 'Karvdash',
  }
}

/**
 * The Secret that the controller reads. SHA-1 is understood by every controller and checked in a microsecond; what makes it hard to guess
 * is that the password has 192 random bits, which no slower hash would add to.
 */
export function htpasswdObject(service: string, password: string): KubeObject {
  const line = `${passwordUsername}:{SHA}${createHash('sha1').update(password).digest('base64')}`
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: htpasswdName(service) },
    type: 'Opaque',
    data: { auth: Buffer.from(line).toString('base64') },
  }
}

/** A dot cannot be in the name of a service, so no other service's objects are in the way. */
function htpasswdName(service: string): string {
  return `${service}.auth`
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
