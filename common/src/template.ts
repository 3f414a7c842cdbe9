import * as z from 'zod'
import { TemplateId } from './names.ts'
import { valueFault } from './value.ts'
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
    /** Whoever enters it can do as its owner could, as in a terminal or a notebook. */
    shell: z.boolean().default(false),
    /** One of these per user at most. */
    singleton: z.boolean().default(false),
    /** Its pods get a token that lets them call the platform as their user. */
    identity: z.boolean().default(false),
    exposure: Exposure.optional(),
    variables: z.array(Variable).max(50).default([]),
  })
  .superRefine(({ variables }, context) => {
    const names = variables.map((variable) => variable.name)
    for (const [index, variable] of variables.entries()) {
      const path = ['variables', index]
      if (names.indexOf(variable.name) !== index)
        context.addIssue({ code: 'custom', path: [...path, 'name'], message: 'is taken by another variable' })
      const fault = defaultFault(variable)
      if (fault) context.addIssue({ code: 'custom', path: [...path, 'default'], message: fault })
    }
  })
export type TemplateDescription = z.infer<typeof TemplateDescription>

function defaultFault(variable: Variable): string | undefined {
  const value = variable.type === 'password' ? undefined : variable.default
  return value === undefined ? undefined : valueFault(variable, value)
}
