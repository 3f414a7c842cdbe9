import * as z from 'zod'
import { ServiceName, TemplateId } from './names.ts'

/** Where a service stands, computed from the live objects. */
export const ServiceState = z.enum(['Queued', 'Pulling', 'Starting', 'Running', 'Failed', 'Stopped', 'Deleting'])
export type ServiceState = z.infer<typeof ServiceState>

/** A service as the API shows one. */
export const Service = z.object({
  name: z.string(),
  template: z.string(),
  createdAt: z.string(),
  state: ServiceState,
  /** One sentence in plain words: what it waits for, or what went wrong. */
  reason: z.string(),
  /** The address that only its owner can enter, where the template exposes a port. */
  url: z.string().optional(),
  /** Users who may enter it besides its owner. */
  sharedWith: z.array(z.string()).optional(),
})
export type Service = z.infer<typeof Service>

/** By what a service is entered that the gate does not stand before. */
export const ServicePassword = z.object({ username: z.string(), password: z.string() })
export type ServicePassword = z.infer<typeof ServicePassword>

/** A service of somebody else's that the caller may enter. */
export const SharedService = Service.pick({ name: true, template: true, state: true, url: true }).extend({ owner: z.string() })
export type SharedService = z.infer<typeof SharedService>

/** What sharing takes: whoever enters a service with a shell can do as its owner could, and the owner has to say that they know. */
export const Sharing = z.strictObject({ isAware: z.boolean().default(false) })

/** What a launch takes. */
export const Launch = z.strictObject({
  template: TemplateId,
  /** Taken name: four random characters are appended. Left out: the template's id. */
  name: ServiceName.optional(),
  values: z.record(z.string().max(40), z.unknown()).default({}),
})
export type Launch = z.infer<typeof Launch>

/** An event of the services stream: one changed, or one is gone. */
export const ServiceEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service'), service: Service }),
  z.object({ type: z.literal('gone'), name: z.string() }),
])
export type ServiceEvent = z.infer<typeof ServiceEvent>
