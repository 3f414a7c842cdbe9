import { matchesPattern } from './pattern.ts'
import { compareQuantities, isQuantity } from './quantity.ts'
import { defaultMaxLength, greatestMaxLength, type Variable, type VariableOf } from './variable.ts'

/** What a variable holds. Null: it is optional and was left empty. */
export type Value = string | number | boolean | null
/** The values of a template's variables, by name. */
export type Values = Record<string, Value>

/** The words that say what a variable takes, to end the sentence "It must be …". */
export function allowed(variable: Variable): string {
  switch (variable.type) {
    case 'string':
      return `a text${lengths(variable)}${variable.pattern ? ` that matches ${variable.pattern}` : ''}`
    case 'text':
      return `a text${lengths(variable)}, of as many lines as you like`
    case 'password':
      return `a password${lengths(variable)}`
    case 'number':
      return `${variable.integer ? 'a whole number' : 'a number'}${range(variable.min, variable.max)}`
    case 'quantity':
      return `an amount such as 500m, 2 or 4Gi${range(variable.min, variable.max)}`
    case 'boolean':
      return 'true or false'
    case 'choice':
    case 'profile':
      return `one of ${shortened(
        choicesOf(variable)
          .map((choice) => choice.value)
          .join(', '),
        300,
      )}`
    case 'entry':
      return `the path of a ${variable.kind} in ${variable.domains.map((domain) => `/${domain}`).join(' or ')}`
    case 'image':
      return 'an image name such as docker.io/library/debian:bookworm'
  }
}

/**
 * Says what is wrong with a value, as a sentence that names the field, what is wrong and what is allowed.
 *
 * @returns undefined where nothing is wrong
 */
export function valueFault(variable: Variable, value: unknown): string | undefined {
  if (typeof value === 'string' && !isPlainText(variable, value)) {
    const unwanted =
      variable.type === 'text' ? 'control characters but line breaks and tabs' : 'line breaks or control characters'
    return `${variable.label} must not contain ${unwanted}.`
  }
  if (fits(variable, value)) return undefined
  return `${variable.label} must be ${allowed(variable)}; ${told(variable, value)} is not.`
}

/** What is offered to choose from. */
export interface Offer {
  value: string
  label: string
  help?: string | undefined
}

/** What a choice offers, with a label for each value; a profile offers nothing until the platform has filled it in. */
export function choicesOf(variable: VariableOf<'choice' | 'profile'>): Offer[] {
  if (variable.type === 'profile') return variable.choices ?? []
  return variable.choices.map((choice) => (typeof choice === 'string' ? { value: choice, label: choice } : choice))
}

function fits(variable: Variable, value: unknown): boolean {
  if (variable.type === 'boolean') return typeof value === 'boolean'
  if (variable.type === 'number') return typeof value === 'number' && fitsNumber(variable, value)
  return typeof value === 'string' && fitsText(variable, value)
}

function fitsNumber(variable: VariableOf<'number'>, value: number): boolean {
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER, integer } = variable
  return Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isSafeInteger(value))
}

function fitsText(variable: Exclude<Variable, { type: 'boolean' | 'number' }>, text: string): boolean {
  switch (variable.type) {
    case 'string':
      return fitsLength(variable, text) && (!variable.pattern || matchesPattern(variable.pattern, text))
    case 'text':
    case 'password':
      return fitsLength(variable, text)
    case 'choice':
    case 'profile':
      return choicesOf(variable).some((choice) => choice.value === text)
    case 'quantity':
      return fitsQuantity(variable, text)
    case 'entry':
      return isEntry(variable, text)
    case 'image':
      return isImage(text)
  }
}

type Lengthy = VariableOf<'string' | 'text' | 'password'>

function fitsLength(variable: Lengthy, text: string): boolean {
  return text.length >= (variable.minLength ?? 0) && text.length <= longestOf(variable)
}

function longestOf({ type, maxLength }: Lengthy): number {
  return maxLength ?? (type === 'text' ? greatestMaxLength : defaultMaxLength)
}

function fitsQuantity({ min, max }: VariableOf<'quantity'>, text: string): boolean {
  if (!isQuantity(text) || text.startsWith('-')) return false
  return (min === undefined || compareQuantities(text, min) >= 0) && (max === undefined || compareQuantities(text, max) <= 0)
}

function isEntry({ domains }: VariableOf<'entry'>, text: string): boolean {
  const [root, domain, ...names] = text.split('/')
  if (text.length > 4096 || root !== '' || !domains.some((one) => one === domain)) return false
  return names.every((name) => name !== '' && name !== '.' && name !== '..' && name.length <= 255)
}

const imageName = /^(?:[a-zA-Z0-9.-]{1,253}(?::\d{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/
const imageTag = /^[\w][\w.-]{0,127}$/
const imageDigest = /^sha256:[a-f0-9]{64}$/

function isImage(text: string): boolean {
  if (text.length > 512) return false
  const [rest = '', digest, more] = text.split('@')
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  const name = colon === -1 ? rest : rest.slice(0, colon)
  const tag = colon === -1 ? undefined : rest.slice(colon + 1)
  return (
    more === undefined &&
    isImageName(name) &&
    (tag === undefined || imageTag.test(tag)) &&
    (digest === undefined || imageDigest.test(digest))
  )
}

function isImageName(name: string): boolean {
  return imageName.test(name) && !/\/\/|\.\.|\/[._-]|[._-]\//.test(name)
}

function isPlainText({ type }: Variable, text: string): boolean {
  return text.isWellFormed() && !(type === 'text' ? /[^\P{Cc}\n\t]/u : /\p{Cc}/u).test(text)
}

function lengths(variable: Lengthy): string {
  const longest = longestOf(variable)
  return variable.minLength ? ` of ${variable.minLength} to ${longest} characters` : ` of at most ${longest} characters`
}

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of ${min} or more`
  return max === undefined ? '' : ` of ${max} or less`
}

function told(variable: Variable, value: unknown): string {
  if (variable.type === 'password') return 'what was given'
  if (typeof value === 'string') return `"${shortened(value, 40)}"`
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'what was given'
}

function shortened(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text
}
