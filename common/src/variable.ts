import * as z from 'zod'
import { patternFault } from './pattern.ts'
import { compareQuantities, isQuantity } from './quantity.ts'

/** The longest string a variable takes where it does not say otherwise. */
export const defaultMaxLength = 1000
/** The longest string any variable may allow. */
export const greatestMaxLength = 10_000

/** Names the platform fills in, and the words of the expressions; no variable may have one of them. */
export const reservedVariableNames: ReadonlySet<string> = new Set(
  (
    'namespace service host url registry user domains ingressClass storageClass secret sshKey values this true false null undefined as ' +
    'if unless each with else lookup log eq ne gt gte lt lte and or not range'
  ).split(' '),
)

const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
const length = z.number().int().min(0).max(greatestMaxLength)
const finite = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)
const quantity = z.string().max(40).refine(isQuantity, 'must be a Kubernetes quantity such as 500m or 2Gi')

const VariableName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,39}$/, 'must have 1 to 40 letters and digits and begin with a lower-case letter')
  .refine((name) => !reservedVariableNames.has(name) && !(name in {}), 'is a name the platform keeps for itself')

const scalar = z.union([z.string().max(defaultMaxLength), finite, z.boolean()])

/** Has a variable asked for only where an earlier one has this value, or one of these. */
export const When = z.strictObject({
  variable: z.string().max(40),
  equals: z.union([scalar, z.array(scalar).min(1).max(20)]),
})
export type When = z.infer<typeof When>

const common = {
  name: VariableName,
  label: line(60),
  help: z.string().max(500).optional(),
  /** Left out: required, unless there is a default. */
  required: z.boolean().optional(),
  /** Shown only when asked for. */
  advanced: z.boolean().default(false),
  group: line(40).optional(),
  /** Left out: always asked. Where it does not hold, the variable is null, whatever was given. */
  when: When.optional(),
}

/** Any one-line text. */
export const StringVariable = z
  .strictObject({
    ...common,
    type: z.literal('string'),
    default: z.string().max(greatestMaxLength).optional(),
    minLength: length.optional(),
    maxLength: length.optional(),
    /** A regular expression that the whole text must match. */
    pattern: z.string().max(200).optional(),
  })
  .superRefine((variable, context) => {
    complainUnless(ordered(variable.minLength, variable.maxLength), context, 'minLength', 'must not be more than maxLength')
    const fault = variable.pattern && patternFault(variable.pattern, variable.maxLength ?? defaultMaxLength)
    complainUnless(!fault, context, 'pattern', fault || '')
  })

/** A text of many lines. */
export const TextVariable = z
  .strictObject({
    ...common,
    type: z.literal('text'),
    default: z.string().max(greatestMaxLength).optional(),
    minLength: length.optional(),
    /** Left out: {@link greatestMaxLength}. */
    maxLength: length.optional(),
  })
  .superRefine((variable, context) => {
    complainUnless(ordered(variable.minLength, variable.maxLength), context, 'minLength', 'must not be more than maxLength')
  })

/** A number, whole where `integer` says so. */
export const NumberVariable = z
  .strictObject({
    ...common,
    type: z.literal('number'),
    default: finite.optional(),
    min: finite.optional(),
    max: finite.optional(),
    integer: z.boolean().default(false),
  })
  .superRefine((variable, context) => {
    complainUnless(ordered(variable.min, variable.max), context, 'min', 'must not be more than max')
  })

/** Yes or no. */
export const BooleanVariable = z.strictObject({ ...common, type: z.literal('boolean'), default: z.boolean().optional() })

/** What a choice offers: the value alone, or the value and the words for it. */
export const Choice = z.union([line(200), z.strictObject({ value: line(200), label: line(100) })])

/** One of a few strings. */
export const ChoiceVariable = z
  .strictObject({
    ...common,
    type: z.literal('choice'),
    default: z.string().max(200).optional(),
    choices: z.array(Choice).min(1).max(100),
  })
  .superRefine(({ choices }, context) => {
    const values = new Set(choices.map((choice) => (typeof choice === 'string' ? choice : choice.value)))
    complainUnless(values.size === choices.length, context, 'choices', 'must not offer the same value twice')
  })

/** An amount of memory, processors or storage, as Kubernetes writes it. */
export const QuantityVariable = z
  .strictObject({
    ...common,
    type: z.literal('quantity'),
    default: quantity.optional(),
    min: quantity.optional(),
    max: quantity.optional(),
  })
  .superRefine(({ min, max }, context) => {
    const unordered =
      min !== undefined && max !== undefined && isQuantity(min) && isQuantity(max) && compareQuantities(min, max) > 0
    complainUnless(!unordered, context, 'min', 'must not be more than max')
  })

/** A secret string; with `generate` the platform makes one where none is given. It has no default: that would be no secret. */
export const PasswordVariable = z
  .strictObject({
    ...common,
    type: z.literal('password'),
    minLength: length.optional(),
    maxLength: length.optional(),
    generate: z.boolean().default(false),
  })
  .superRefine((variable, context) => {
    complainUnless(ordered(variable.minLength, variable.maxLength), context, 'minLength', 'must not be more than maxLength')
  })

/** A file or folder in a domain, written `/local/path`. */
export const EntryVariable = z.strictObject({
  ...common,
  type: z.literal('entry'),
  default: z.string().max(4096).optional(),
  domains: z
    .array(z.enum(['local', 'remote', 'shared']))
    .min(1)
    .max(3)
    .default(['local', 'remote', 'shared']),
  kind: z.enum(['file', 'folder']).default('folder'),
  /** It is what the service shows: *Open in …* at a file or folder offers the template, and fills it in. */
  opens: z.boolean().optional(),
})

/** A container image. */
export const ImageVariable = z.strictObject({ ...common, type: z.literal('image'), default: z.string().max(512).optional() })

/** The name under which own amounts are offered in the place of a profile. */
export const customProfile = 'custom'

/** One of the sizes that administrators define: processors, memory, where it runs. */
export const ProfileVariable = z.strictObject({
  ...common,
  type: z.literal('profile'),
  default: z.string().max(40).optional(),
  /** Whether {@link customProfile} is offered too: the template asks for the amounts itself. */
  custom: z.boolean().default(false),
  /** What is offered, filled in by the platform: a template cannot say it. */
  choices: z
    .array(z.strictObject({ value: line(40), label: line(100), help: z.string().max(500).optional() }))
    .max(100)
    .optional(),
})

/** What a template asks whoever launches it. */
export const Variable = z.discriminatedUnion('type', [
  StringVariable,
  TextVariable,
  NumberVariable,
  BooleanVariable,
  ChoiceVariable,
  QuantityVariable,
  PasswordVariable,
  EntryVariable,
  ImageVariable,
  ProfileVariable,
])
export type Variable = z.infer<typeof Variable>
/** A variable of one type. */
export type VariableOf<Type extends Variable['type']> = Extract<Variable, { type: Type }>

function ordered(low: number | undefined, high: number | undefined): boolean {
  return low === undefined || high === undefined || low <= high
}

function complainUnless(holds: boolean, context: z.RefinementCtx, field: string, message: string): void {
  if (!holds) context.addIssue({ code: 'custom', path: [field], message })
}
