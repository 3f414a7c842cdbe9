import * as z from 'zod'
import { ServiceName } from './names.ts'
import { Launch } from './service.ts'

/** Something wrong in the text of a template, or with an object that it makes; document, line and column count from 1. */
export const TemplateFault = z.object({
  /** Which document of the template; left out for what the platform adds, such as the Ingress. */
  document: z.number().int().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  /** Where in the object, as Kubernetes writes it: `spec.template.spec.containers[0].image`. */
  path: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
  message: z.string(),
})
export type TemplateFault = z.infer<typeof TemplateFault>

/** What a preview takes. */
export const PreviewInput = z.strictObject({
  name: ServiceName.optional(),
  values: Launch.shape.values,
  /** `server`: the cluster is asked about each object, as the user, and stores nothing. */
  dryRun: z.enum(['none', 'server']).default('none'),
})
export type PreviewInput = z.infer<typeof PreviewInput>

/** The longest text that a template of one's own may have, in characters. */
export const longestTemplate = 128 * 1024

/** A preview of a text that is no template of the platform yet; what has no default and is not given is filled in. */
export const DraftPreviewInput = PreviewInput.extend({ source: z.string().min(1).max(longestTemplate) })
export type DraftPreviewInput = z.infer<typeof DraftPreviewInput>

/** What a launch would create; of Secrets, and of what is secret elsewhere, nothing is shown. */
export const Preview = z.object({
  objects: z.array(z.record(z.string(), z.unknown())),
  /** The same as text. */
  yaml: z.string(),
  /** How much it would use of what the user's quota counts: quantities, by the names of `GET /api/account/resources`. */
  asks: z.record(z.string(), z.string()),
  /** What the cluster would refuse, as far as it was asked. */
  faults: z.array(TemplateFault),
})
export type Preview = z.infer<typeof Preview>
