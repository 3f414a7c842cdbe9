import { customProfile, isQuantity } from '@karvdash/common'
import * as z from 'zod'

const quantity = z
  .union([z.string().max(40), z.number()])
  .transform(String)
  .refine(isQuantity, 'must be a Kubernetes quantity such as 500m or 2Gi')

/** One of the sizes that administrators offer in the place of amounts. */
export const Profile = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'must have up to 40 lower-case letters, digits and hyphens')
    .refine((name) => name !== customProfile, 'is what own amounts are called'),
  label: z.string().min(1).max(100),
  help: z.string().max(500).optional(),
  /** What a container may use. */
  cpu: quantity,
  memory: quantity,
  /** What is set aside for it; left out, all of that. */
  requests: z.strictObject({ cpu: quantity.optional(), memory: quantity.optional() }).optional(),
  gpu: z
    .strictObject({
      resource: z
        .string()
        .regex(/^[a-z0-9.-]+\/[a-zA-Z0-9._-]+$/)
        .default('nvidia.com/gpu'),
      count: z.number().int().min(1).max(64),
    })
    .optional(),
  /** On which nodes, as a pod says it. */
  nodeSelector: z.record(z.string(), z.string()).optional(),
  tolerations: z.array(z.record(z.string(), z.union([z.string(), z.number()]))).optional(),
})
export type Profile = z.infer<typeof Profile>

/** The sizes a cluster offers: at least one, each by its name. */
export const Profiles = z
  .array(Profile)
  .min(1, 'must have one profile at least')
  .max(50)
  .refine((profiles) => new Set(profiles.map(({ name }) => name)).size === profiles.length, 'must not have two of one name')
