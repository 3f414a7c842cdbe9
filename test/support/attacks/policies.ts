import * as z from 'zod'
import type { Cluster } from '../cluster.ts'

const Policy = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    validations: z.array(z.looseObject({ expression: z.string() })),
    matchConditions: z.array(z.looseObject({ name: z.string(), expression: z.string() })).default([]),
  }),
  status: z
    .looseObject({ typeChecking: z.looseObject({ expressionWarnings: z.array(z.unknown()).default([]) }).optional() })
    .default({}),
})
/** A policy as the API server has it. */
export type Policy = z.infer<typeof Policy>

/** The policies of the chart. */
export async function policiesOf(cluster: Cluster): Promise<Policy[]> {
  const found = await cluster.kubectl('get', 'validatingadmissionpolicies', '-o', 'json')
  return z.object({ items: z.array(Policy) }).parse(JSON.parse(found)).items
}

/** Puts a policy in force, or only has it noted what it would refuse; the API server obeys a moment later. */
export async function enforce(cluster: Cluster, policy: string, isInForce: boolean): Promise<void> {
  const change = [{ op: 'replace', path: '/spec/validationActions', value: [isInForce ? 'Deny' : 'Audit'] }]
  await cluster.kubectl('patch', 'validatingadmissionpolicybinding', policy, '--type=json', '-p', JSON.stringify(change))
}
