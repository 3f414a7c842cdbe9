import * as z from 'zod'
import { Constraint, constraintFault } from './constraint.ts'
import { TemplateId } from './names.ts'
import { variableFaults } from './template-faults.ts'
import { Variable } from './variable.ts'

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
const PortName = z.string().regex(/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/, 'must be the number or the name of a port')

/** The header in which the gate hands over the service's own credentials, and what it says: an expression on `secret`. */
export const ExposureCredentials = z.strictObject({
  header: z.literal('Authorization'),
  value: line(200),
})

/** How a service is reached from outside the cluster. */
export const Exposure = z
  .strictObject({
    /** The Kubernetes Service: an expression on the service's name. */
    service: line(120).default('{{service.name}}'),
    port: z.union([z.number().int().min(1).max(65535), PortName]),
    /** Who lets people in: the platform's gate, or the ingress controller whoever has a password that was made for the service. */
    auth: z.enum(['gate', 'secret']).default('gate'),
    /** Where people land. */
    path: z
      .string()
      .max(200)
      .regex(/^\/(?!\/)[\w\-.~!$&'()*+,;=:@%/?]*$/, 'must be a path that begins with one /')
      .default('/'),
    credentials: ExposureCredentials.optional(),
  })
  .refine(({ auth, credentials }) => auth === 'gate' || !credentials, {
    path: ['credentials'],
    message: 'are handed over by the gate, which is not asked here',
  })
export type Exposure = z.infer<typeof Exposure>

/** A program in a service's container that says whether it is active: it ends with 0 where it is, with 1 where it is not, and may print since when. */
export const TemplateActivity = z.strictObject({
  command: z.array(z.string().min(1).max(5000)).min(1).max(20),
  /** In which of its containers; the first of each pod, unless named. */
  container: line(63).optional(),
})
export type TemplateActivity = z.infer<typeof TemplateActivity>

/** What a template says about itself: its `kind: Template` document. */
export const TemplateDescription = z
  .strictObject({
    id: TemplateId,
    name: line(60),
    /** One sentence. */
    description: line(200),
    longDescription: z.string().max(5000).optional(),
    icon: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must have up to 40 lower-case letters, digits and hyphens')
      .optional(),
    /** Beside which others it is shown, such as `Data`, unless an administrator puts it elsewhere. */
    group: line(40).optional(),
    /** Whoever enters it can do as its owner could, as in a terminal or a notebook. */
    shell: z.boolean().default(false),
    /** One of these per user at most. */
    singleton: z.boolean().default(false),
    /** Its pods get a token that lets them call the platform as their user. */
    identity: z.boolean().default(false),
    /** `never`: it is not stopped for being idle, where services are. */
    idle: z.literal('never').optional(),
    activity: TemplateActivity.optional(),
    exposure: Exposure.optional(),
    variables: z.array(Variable).max(50).default([]),
    /** What has to hold between variables. */
    constraints: z.array(Constraint).max(50).optional(),
  })
  .superRefine(({ variables, constraints = [] }, context) => {
    for (const { path, message } of variableFaults(variables))
      context.addIssue({ code: 'custom', path: ['variables', ...path], message })
    for (const [index, constraint] of constraints.entries()) {
      const message = constraintFault(constraint, variables)
      if (message) context.addIssue({ code: 'custom', path: ['constraints', index], message })
    }
  })
export type TemplateDescription = z.infer<typeof TemplateDescription>
