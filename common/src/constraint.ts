import * as z from 'zod'
import { compareQuantities, isQuantity } from './quantity.ts'
import type { Value, Values } from './value.ts'
import type { Variable } from './variable.ts'

const finite = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)

/** What has to hold between two variables, or a variable and a value, besides what each allows by itself. */
export const Constraint = z.strictObject({
  /** The variable at which it is told. */
  left: z.string().max(40),
  operator: z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']),
  right: z.union([z.string().max(40), z.strictObject({ value: z.union([z.string().max(1000), finite, z.boolean()]) })]),
  /** A sentence for whoever launches. */
  message: z
    .string()
    .min(1)
    .max(300)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters'),
})
export type Constraint = z.infer<typeof Constraint>

type Kind = 'number' | 'quantity' | 'boolean' | 'text'

/** Says what is wrong with a constraint of these variables; undefined where nothing is. */
export function constraintFault({ left, operator, right }: Constraint, variables: readonly Variable[]): string | undefined {
  const kindOf = (name: string) => variables.filter((variable) => variable.name === name).map(kindOfVariable)[0]
  const [one, other] = [kindOf(left), typeof right === 'string' ? kindOf(right) : kindOfValue(right.value, kindOf(left))]
  if (one === undefined) return `there is no variable "${left}"`
  if (other === undefined) return `there is no variable "${String(right)}"; a value is written {value: …}`
  if (one !== other) return `${left} is a ${one}, and what it is compared with is a ${other}`
  const isOrdered = one === 'number' || one === 'quantity'
  return isOrdered || operator === 'eq' || operator === 'ne' ? undefined : `${operator} compares numbers and quantities alone`
}

/**
 * The constraints that do not hold. One of which a variable was not asked for, was left empty or is wrong by itself, holds.
 *
 * @param values as far as they were right
 */
export function brokenConstraints(
  constraints: readonly Constraint[],
  variables: readonly Variable[],
  values: Values,
): Constraint[] {
  const quantities = new Set(variables.filter(({ type }) => type === 'quantity').map(({ name }) => name))
  return constraints.filter(({ left, operator, right }) => {
    const [one, other] = [values[left], typeof right === 'string' ? values[right] : right.value]
    if (one === undefined || one === null || other === undefined || other === null) return false
    return !holds(operator, quantities.has(left) ? quantityOrder(one, other) : order(one, other))
  })
}

function holds(operator: Constraint['operator'], order: number): boolean {
  const answers = { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }
  return answers[operator]
}

function order(one: Value, other: Value): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return one === other ? 0 : 1
}

function quantityOrder(one: Value, other: Value): number {
  return compareQuantities(String(one), String(other))
}

function kindOfVariable({ type }: Variable): Kind {
  return type === 'number' || type === 'quantity' || type === 'boolean' ? type : 'text'
}

/** A number may be meant as a quantity, and a text that is one too. */
function kindOfValue(value: string | number | boolean, beside: Kind | undefined): Kind {
  if (typeof value === 'boolean') return 'boolean'
  if (beside === 'quantity' && isQuantity(String(value))) return 'quantity'
  return typeof value === 'number' ? 'number' : 'text'
}
