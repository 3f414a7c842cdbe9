import * as z from 'zod'
import { ServiceName, TemplateId } from './names.ts'

/** Where a service stands, computed from the live objects. */
export const ServiceState = z.enum(['Queued', 'Pulling', 'Starting', 'Running', 'Failed', 'Stopped', 'Deleting'])
export type ServiceState = z.infer<typeof ServiceState>

/** Why a service stands where it stands: what programs go by, where people have the reason. */
export const Cause = z.enum([
  ...(['image-not-found', 'image-name', 'image-pull', 'pull-forbidden', 'registry-unreachable'] as const),
  ...(['unschedulable', 'quota', 'limit-range', 'policy', 'webhook', 'invalid'] as const),
  ...(['config', 'mount', 'network', 'init', 'command', 'crash-loop', 'out-of-memory', 'probe'] as const),
  ...(['evicted', 'node-lost', 'deadline', 'job-failed', 'unreachable', 'finished'] as const),
])
export type Cause = z.infer<typeof Cause>

/** A step on the way of a service from its launch to its address. */
export const ServiceStep = z.object({
  step: z.enum(['Recorded', 'Applied', 'Scheduled', 'Pulling', 'Starting', 'Ready', 'Reachable']),
  /** When it was done, ISO 8601; missing while it is not. */
  at: z.string().optional(),
  /** How far it is, such as `2 of 3`. */
  detail: z.string().optional(),
})
export type ServiceStep = z.infer<typeof ServiceStep>

/** A pod of a service. */
export const ServicePod = z.object({
  name: z.string(),
  containers: z.array(z.object({ name: z.string(), image: z.string(), ready: z.boolean(), restarts: z.number() })),
  ports: z.array(z.object({ name: z.string().optional(), port: z.number() })),
})
export type ServicePod = z.infer<typeof ServicePod>

/** A service as the API shows one. */
export const Service = z.object({
  name: z.string(),
  template: z.string(),
  createdAt: z.string(),
  state: ServiceState,
  /** One sentence in plain words: what it waits for, or what went wrong. */
  reason: z.string(),
  /** Why, for programs, where something is wrong. */
  cause: Cause.optional(),
  /** How far it came, in this order. */
  steps: z.array(ServiceStep).optional(),
  pods: z.array(ServicePod).optional(),
  /** The last lines that its program printed before it crashed: text of its own, at most 20 lines. */
  lastLog: z.array(z.string()).optional(),
  /** The address that only its owner can enter, where the template exposes a port. */
  url: z.string().optional(),
  /** Users who may enter it besides its owner. */
  sharedWith: z.array(z.string()).optional(),
  /** Where it is about to be stopped, since nobody uses it: since when, and when; ISO 8601. */
  idle: z.object({ since: z.string(), stopsAt: z.string() }).optional(),
  /** Something its owner should know that does not stand in its way, such as an update that was taken back. */
  notice: z.string().optional(),
})
export type Service = z.infer<typeof Service>

/** An event that Kubernetes tells of a service's pods or workloads; whoever owns the namespace can write such ones. */
export const ClusterEvent = z.object({
  /** When it last came, ISO 8601. */
  at: z.string(),
  type: z.enum(['Normal', 'Warning']),
  reason: z.string(),
  message: z.string(),
  /** What it is about, such as `Pod hello-5b6c`. */
  about: z.string(),
  count: z.number(),
})
export type ClusterEvent = z.infer<typeof ClusterEvent>

/** By what a service is entered that the gate does not stand before. */
export const ServicePassword = z.object({ username: z.string(), password: z.string() })
export type ServicePassword = z.infer<typeof ServicePassword>

/** A service of somebody else's that the caller may enter. */
export const SharedService = Service.pick({ name: true, template: true, state: true, url: true }).extend({ owner: z.string() })
export type SharedService = z.infer<typeof SharedService>

/** What sharing takes: whoever enters a service with a shell can do as its owner could, and the owner has to say that they know. */
export const Sharing = z.strictObject({ isAware: z.boolean().default(false) })

/** A password that the platform made, under the label of its variable. */
export const GeneratedPassword = z.object({ name: z.string(), label: z.string(), value: z.string() })
export type GeneratedPassword = z.infer<typeof GeneratedPassword>

/** A service that was just launched; passwords made for it are told here, and never again but to the same launch sent again. */
export const Launched = Service.extend({ generated: z.array(GeneratedPassword).optional() })
export type Launched = z.infer<typeof Launched>

/** What a launch takes. */
export const Launch = z.strictObject({
  template: TemplateId,
  /** Taken name: four random characters are appended. Left out: the template's id. */
  name: ServiceName.optional(),
  values: z.record(z.string().max(40), z.unknown()).default({}),
  /** Chosen by whoever launches: the same launch sent again, such as after a broken connection, gives the same service. */
  key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,64}$/, 'must have 8 to 64 letters, digits, _ and -')
    .optional(),
})
export type Launch = z.infer<typeof Launch>

/** How a service was launched: what a form for changing it begins with. Passwords are left out, and stay as they are where none is given. */
export const ServiceLaunch = z.object({
  template: z.string(),
  values: z.record(z.string(), z.unknown()),
  /** Whether an update would take another text of the template than the one it was launched from. */
  isNewer: z.boolean(),
})
export type ServiceLaunch = z.infer<typeof ServiceLaunch>

/** What an update takes: values to change, of the template as it is now; or a look at what it would change. */
export const ServiceUpdate = z.strictObject({
  values: Launch.shape.values,
  dryRun: z.boolean().default(false),
})
export type ServiceUpdate = z.infer<typeof ServiceUpdate>

/** What an update changes of one object. */
export const ObjectChange = z.object({
  kind: z.string(),
  name: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  /** Lines of YAML, as a unified diff; left out for Secrets, and for what is too long. */
  diff: z.string().optional(),
})
export type ObjectChange = z.infer<typeof ObjectChange>

/** What came of an update, or would. */
export const UpdateResult = z.object({ service: Launched, changes: z.array(ObjectChange) })
export type UpdateResult = z.infer<typeof UpdateResult>

/** One thing that goes when a service is deleted. */
export const DeletedObject = z.object({
  kind: z.string(),
  name: z.string(),
  /** Whether data goes with it that is nowhere else. */
  holdsData: z.boolean(),
})
export type DeletedObject = z.infer<typeof DeletedObject>

/** An event of the services stream: one changed, or one is gone. */
export const ServiceEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('service'), service: Service }),
  z.object({ type: z.literal('gone'), name: z.string() }),
])
export type ServiceEvent = z.infer<typeof ServiceEvent>
