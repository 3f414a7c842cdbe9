import { labels, namespaceOf, type ServicePort } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Services } from './services.ts'

/** The ports of a user's service, read as the user. @throws Problem 404. */
export type PortsOf = (user: string, service: string) => Promise<ServicePort[]>

const mostPorts = 500
const Named = { name: z.string().optional(), protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP') }
const Service = z.looseObject({
  spec: z.looseObject({ ports: z.array(z.looseObject({ ...Named, port: z.int() })).default([]) }),
})
const Pod = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({ name: z.string(), ports: z.array(z.looseObject({ ...Named, containerPort: z.int() })).default([]) }),
    ),
  }),
})
const Backend = z.looseObject({
  service: z.looseObject({
    name: z.string(),
    port: z.looseObject({ name: z.string().optional(), number: z.int().optional() }),
  }),
})
const Ingress = z.looseObject({
  spec: z.looseObject({
    rules: z.array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ backend: Backend })) }).optional() })),
  }),
})
type Backend = z.infer<typeof Backend>

export interface PortsPorts {
  kubernetes: Kubernetes
  services: Pick<Services, 'get'>
}

/** Reads what there is at the moment: nobody asks often. */
export function createPortsOf({ kubernetes, services }: PortsPorts): PortsOf {
  return async (user, name) => {
    const { url } = await services.get(user, name)
    const namespace = namespaceOf(user)
    const own = kubernetes.as({ namespace })
    const [objects, ingresses, pods] = await Promise.all(
      [resources.services, resources.ingresses, resources.pods].map((resource) => itemsOf(own, resource, namespace, name)),
    )
    const backends = ingresses?.flatMap(backendsOf) ?? []
    const outside = (objects ?? []).flatMap((object) => portsOfService(object, backends, url))
    return unique([...outside, ...(pods ?? []).flatMap(portsOfPod)]).slice(0, mostPorts)
  }
}

async function itemsOf(
  kubernetes: Kubernetes,
  resource: Parameters<Kubernetes['list']>[0],
  namespace: string,
  service: string,
): Promise<KubeObject[]> {
  return (await kubernetes.list(resource, { namespace }, `${labels.service}=${service}`)).items
}

function backendsOf(object: KubeObject): Backend[] {
  const read = Ingress.safeParse(object)
  return read.success ? read.data.spec.rules.flatMap(({ http }) => http?.paths.map(({ backend }) => backend) ?? []) : []
}

function portsOfService(object: KubeObject, backends: Backend[], url: string | undefined): ServicePort[] {
  const of = object.metadata.name
  const read = Service.safeParse(object)
  if (!read.success) return []
  return read.data.spec.ports.map(({ name, port: number, protocol }) => {
    const isExposed = backends.some(
      ({ service: { name: target, port } }) =>
        target === of && (port.number === number || (port.name !== undefined && port.name === name)),
    )
    return {
      at: 'service',
      of,
      ...(name !== undefined && { name }),
      number,
      protocol,
      ...(isExposed && url !== undefined && { url }),
    }
  })
}

function portsOfPod(object: KubeObject): ServicePort[] {
  const read = Pod.safeParse(object)
  if (!read.success) return []
  return read.data.spec.containers.flatMap(({ name: of, ports }) =>
    ports.map(
      ({ name, containerPort: number, protocol }): ServicePort => ({
        ...{ at: 'container', of, number, protocol },
        ...(name !== undefined && { name }),
      }),
    ),
  )
}

/** Pods that are alike have the same ports. */
function unique(ports: ServicePort[]): ServicePort[] {
  return [...new Map(ports.map((port) => [JSON.stringify(port), port])).values()]
}
