import { randomBytes } from 'node:crypto'
import type { TemplateDescription, Value, Values, Variable } from '@karvdash/common'

const usualLength = 24

/** The values, with a password made for each variable that asks for one and was left empty. */
export function generatePasswords({ variables }: Pick<TemplateDescription, 'variables'>, values: Values): Values {
  const generated = variables.flatMap((variable): [string, Value][] => {
    const length = values[variable.name] === null ? lengthOf(variable) : undefined
    return length === undefined ? [] : [[variable.name, randomBytes(length).toString('base64url').slice(0, length)]]
  })
  return { ...values, ...Object.fromEntries(generated) }
}

function lengthOf(variable: Variable): number | undefined {
  if (variable.type !== 'password' || !variable.generate) return undefined
  return Math.min(Math.max(usualLength, variable.minLength ?? 0), variable.maxLength ?? Number.POSITIVE_INFINITY)
}
