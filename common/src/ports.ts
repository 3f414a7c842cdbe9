import * as z from 'zod'

/** A port of a service: one by which others in the namespace reach it (`at: 'service'`), or one that a container says it listens on. */
export const ServicePort = z.object({
  at: z.enum(['service', 'container']),
  /** Of the Kubernetes Service, which is its host name inside the namespace, or of the container. */
  of: z.string(),
  name: z.string().optional(),
  number: z.int(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  /** The address that leads to it from outside, where one does. */
  url: z.string().optional(),
})
export type ServicePort = z.infer<typeof ServicePort>
