import { randomBytes } from 'node:crypto'
import {
  type GeneratedPassword,
  isAsked,
  type TemplateDescription,
  type Value,
  type Values,
  type Variable,
} from '@karvdash/common'

const usualLength = 24

/** The values, with a password made for each variable that asks for one and was left empty. */
export function generatePasswords({ variables }: Pick<TemplateDescription, 'variables'>, values: Values): Values {
  const generated = variables.flatMap((variable): [string, Value][] => {
    const length = values[variable.name] === null && isAsked(variable, values) ? lengthOf(variable) : undefined
    return length === undefined ? [] : [[variable.name, randomBytes(length).toString('base64url').slice(0, length)]]
  })
  return { ...values, ...Object.fromEntries(generated) }
}

/** Which passwords of a service were made for it: those that its launch left empty. */
export function generatedOf(
  { variables }: Pick<TemplateDescription, 'variables'>,
  given: Record<string, unknown>,
  passwords: Record<string, string>,
): GeneratedPassword[] {
  return variables.flatMap((variable) => {
    const { name, label, type } = variable
    const value = Object.hasOwn(passwords, name) ? passwords[name] : undefined
    const isMade = type === 'password' && variable.generate && (given[name] ?? '') === ''
    return isMade && value !== undefined ? [{ name, label, value }] : []
  })
}

/** What stands in a preview for each password, and for the platform's own secret. */
export const hidden = 'hidden'

/** The values, with nothing of a password in them: only whether there would be one. */
export function hidePasswords({ variables }: Pick<TemplateDescription, 'variables'>, values: Values): Values {
  const passwords = variables.filter((variable) => variable.type === 'password')
  const isThere = (variable: Variable) =>
    values[variable.name] !== null || (lengthOf(variable) !== undefined && isAsked(variable, values))
  return { ...values, ...Object.fromEntries(passwords.map((variable) => [variable.name, isThere(variable) ? hidden : null])) }
}

function lengthOf(variable: Variable): number | undefined {
  if (variable.type !== 'password' || !variable.generate) return undefined
  return Math.min(Math.max(usualLength, variable.minLength ?? 0), variable.maxLength ?? Number.POSITIVE_INFINITY)
}
