import { defaultExpressionFault, filledDefault } from './platform-default.ts'
import { valueFault } from './value.ts'
import type { Variable } from './variable.ts'

/** What is wrong with one of the variables, and where. */
export interface VariableFault {
  path: (string | number)[]
  message: string
}

/** What is wrong with variables that no one of them tells by itself: names taken, defaults that do not fit, conditions on what is not there. */
export function variableFaults(variables: readonly Variable[]): VariableFault[] {
  const names = variables.map((variable) => variable.name)
  return variables.flatMap((variable, index) => {
    const found: [string, string | undefined][] = [
      ['name', names.indexOf(variable.name) === index ? undefined : 'is taken by another variable'],
      ['default', defaultFault(variable)],
      ['when', whenFault(variable, variables.slice(0, index))],
    ]
    return found.flatMap(([field, message]) => (message ? [{ path: [index, field], message }] : []))
  })
}

/** What a default is to be checked as: the platform's values filled in, where it may have them. */
const filling: ReadonlySet<Variable['type']> = new Set(['string', 'text', 'entry', 'image'])

/** Whether a variable's default may have values of the platform in it. */
export function mayFillDefault({ type }: Variable): boolean {
  return filling.has(type)
}

function defaultFault(variable: Variable): string | undefined {
  // Which profiles there are is the platform's to say.
  const value = variable.type === 'password' || variable.type === 'profile' ? undefined : variable.default
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !mayFillDefault(variable)) return valueFault(variable, value)
  return defaultExpressionFault(value) ?? valueFault(variable, filledDefault(value))
}

function whenFault({ when }: Variable, earlier: readonly Variable[]): string | undefined {
  if (!when) return undefined
  const asked = earlier.find(({ name }) => name === when.variable)
  if (!asked) return `there is no variable "${when.variable}" before this one`
  if (asked.type === 'password') return 'a condition cannot be on a password'
  const values = [when.equals].flat()
  if (asked.type === 'profile')
    return values.every((value) => typeof value === 'string') ? undefined : 'a profile is named by a text'
  return values.map((value) => valueFault(asked, value)).find((fault) => fault !== undefined)
}
