import { brokenConstraints, type Constraint } from './constraint.ts'
import type { FieldError } from './problem.ts'
import { allowed, choicesOf, type Offer, type Value, type Values, valueFault } from './value.ts'
import type { Variable, VariableOf, When } from './variable.ts'
import { isAsked } from './when.ts'

/** What a form draws a field with. */
export type Control = 'text' | 'textarea' | 'number' | 'switch' | 'select' | 'quantity' | 'password' | 'entry' | 'image'

/** What bounds a field's value, for controls that help to keep to it. */
export interface FieldLimits {
  min?: number | string | undefined
  max?: number | string | undefined
  integer?: boolean | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  pattern?: string | undefined
  domains?: string[] | undefined
  kind?: 'file' | 'folder' | undefined
}

/** One field of a launch form: everything a surface needs to draw it. */
export interface Field {
  name: string
  label: string
  help?: string
  /** What may be entered, in words: "a whole number from 1 to 3". */
  hint: string
  control: Control
  /** What the field shows at first. */
  default?: Value
  choices?: Offer[]
  /** Shown only where this holds: see `askedFields`. */
  when?: When
  limits: FieldLimits
  required: boolean
  /** Left empty, the platform makes a password. */
  generated: boolean
  advanced: boolean
  group?: string
}

/** An error of one field: a sentence, and where it is. */
export interface ValueError extends FieldError {
  name: string
}

/** Values that passed, with defaults filled in; or what is wrong with them. */
export type CheckedValues = { values: Values; errors?: never } | { errors: ValueError[]; values?: never }

/** What a form is made of: a template's description, or anything else that has variables. */
export interface HasVariables {
  variables: Variable[]
  constraints?: Constraint[] | undefined
}

const controls: Record<Variable['type'], Control> = {
  string: 'text',
  text: 'textarea',
  number: 'number',
  boolean: 'switch',
  choice: 'select',
  quantity: 'quantity',
  password: 'password',
  entry: 'entry',
  image: 'image',
  profile: 'select',
}

/** The fields of a template's form, in its order. */
export function formFields(template: HasVariables): Field[] {
  return template.variables.map(fieldOf)
}

/**
 * Turns what a person typed into the value to send. What cannot be read stays text, so that {@link checkValues} tells what is wrong with it;
 * an empty field is null ("left empty"), except in a field for text.
 */
export function parseInput(field: Pick<Field, 'control'>, text: string): Value {
  if (field.control === 'text') return text
  if (field.control === 'textarea') return text.replaceAll('\r\n', '\n')
  const trimmed = field.control === 'password' ? text : text.trim()
  if (trimmed === '') return null
  if (field.control === 'number') return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed
  if (field.control === 'switch') return switches.get(trimmed.toLowerCase()) ?? trimmed
  return trimmed
}

/**
 * Checks values against a template: the one check, for the API and every surface. Unknown names are refused, defaults filled in, optional
 * values left empty are null (so is a password that is to be generated, and whatever is not asked for).
 */
export function checkValues(template: HasVariables, values: unknown): CheckedValues {
  if (!isRecord(values))
    return { errors: [{ name: '', pointer: '/values', detail: 'The values must be an object with a member for each variable.' }] }
  const known = new Set(template.variables.map((variable) => variable.name))
  const errors = Object.keys(values)
    .filter((name) => !known.has(name))
    .slice(0, 20)
    .map(unknownName)
  const checked: Values = {}
  for (const variable of template.variables) {
    if (!isAsked(variable, checked)) {
      checked[variable.name] = null
      continue
    }
    const value = given(variable, Object.hasOwn(values, variable.name) ? values[variable.name] : undefined)
    const fault = value === null ? missing(variable) : valueFault(variable, value)
    if (fault) errors.push(errorAt(variable.name, fault))
    else if (isValue(value)) checked[variable.name] = value
  }
  const broken = brokenConstraints(template.constraints ?? [], template.variables, checked)
  errors.push(...broken.map(({ left, message }) => errorAt(left, message)))
  return errors.length > 0 ? { errors } : { values: checked }
}

const switches = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['no', false],
  ['off', false],
])

function fieldOf(variable: Variable): Field {
  const { name, label, help, group, advanced, when } = variable
  const value = defaultOf(variable)
  return {
    name,
    label,
    ...(help !== undefined && { help }),
    hint: allowed(variable),
    control: controls[variable.type],
    ...(value !== null && { default: value }),
    ...((variable.type === 'choice' || variable.type === 'profile') && { choices: choicesOf(variable) }),
    ...(when && { when }),
    limits: limitsOf(variable),
    required: isRequired(variable),
    generated: isGenerated(variable),
    advanced,
    ...(group !== undefined && { group }),
  }
}

function limitsOf(variable: Variable): FieldLimits {
  const { min, max, integer, minLength, maxLength, pattern, domains, kind }: FieldLimits & Pick<Variable, 'type'> = variable
  const all = { min, max, integer, minLength, maxLength, pattern, domains, kind }
  return Object.fromEntries(Object.entries(all).filter(([, limit]) => limit !== undefined))
}

/** The value of a variable nobody set. */
function defaultOf(variable: Variable): Value {
  if (variable.type === 'password') return null
  if (variable.type === 'profile') return defaultProfile(variable)
  return variable.default ?? (variable.type === 'boolean' ? false : null)
}

/** The one that the template names, where it is offered; the first, where not. */
function defaultProfile(variable: VariableOf<'profile'>): Value {
  const offered = choicesOf(variable).map(({ value }) => value)
  return offered.find((value) => value === variable.default) ?? offered[0] ?? null
}

function isGenerated(variable: Variable): boolean {
  return variable.type === 'password' && variable.generate
}

function isRequired(variable: Variable): boolean {
  return !isGenerated(variable) && (variable.required ?? defaultOf(variable) === null)
}

/** What was given, or the default. An empty text is kept where it is allowed: a person cleared the field. */
function given(variable: Variable, value: unknown): unknown {
  if (value === undefined || value === null) return defaultOf(variable)
  if (value !== '') return value
  return (variable.type === 'string' || variable.type === 'text') && !isRequired(variable) ? value : null
}

function missing(variable: Variable): string | undefined {
  return isRequired(variable) ? `${variable.label} is needed: it must be ${allowed(variable)}.` : undefined
}

function unknownName(name: string): ValueError {
  return errorAt(name.slice(0, 40), `This template has no variable "${name.slice(0, 40)}".`)
}

function errorAt(name: string, detail: string): ValueError {
  return { name, pointer: `/values/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail }
}

function isValue(value: unknown): value is Value {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
