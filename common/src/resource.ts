import * as z from 'zod'

/** One gauge of what a user has and may have; amounts are Kubernetes quantities. */
export const Resource = z.object({
  /** Such as `cpu`, `memory`, `gpu`, `pods`: a preview tells under the same name how much a launch asks for. */
  resource: z.string(),
  label: z.string(),
  used: z.string(),
  limit: z.string(),
  free: z.string(),
})
export type Resource = z.infer<typeof Resource>
