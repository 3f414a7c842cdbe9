import { fileURLToPath } from 'node:url'
import { parseYamlDocuments } from '@karvdash/backend/yaml'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import * as z from 'zod'
import type { Cluster } from '../cluster.ts'

const Policy = z.looseObject({
  kind: z.literal('ValidatingAdmissionPolicy'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    validations: z.array(z.looseObject({ expression: z.string(), message: z.string().optional() })),
    matchConditions: z.array(z.looseObject({ name: z.string(), expression: z.string() })).default([]),
  }),
  status: z
    .looseObject({ typeChecking: z.looseObject({ expressionWarnings: z.array(z.unknown()).default([]) }).optional() })
    .default({}),
})
/** A rule of the guard. */
export type Policy = z.infer<typeof Policy>

const chart = fileURLToPath(new URL('../../../deploy/chart', import.meta.url))

/** The policies as the chart has them. */
export async function renderedPolicies(): Promise<Policy[]> {
  const values = ['domain=karvdash.test', ...['local', 'remote', 'shared'].map((one) => `domains.${one}.hostPath=/${one}`)]
  const flags = values.flatMap((value) => ['--set', value])
  const rendered = await run(await binary('helm'), ['template', 'karvdash', chart, '-n', 'karvdash', ...flags])
  return parseYamlDocuments(rendered).flatMap(({ value }) => Policy.safeParse(value).data ?? [])
}

/** The policies as the API server has them. */
export async function policiesOf(cluster: Cluster): Promise<Policy[]> {
  const found = await cluster.kubectl('get', 'validatingadmissionpolicies', '-o', 'json')
  return z.object({ items: z.array(Policy) }).parse(JSON.parse(found)).items
}

/** Puts a policy in force, or only has it noted what it would refuse; the API server obeys a moment later. */
export async function enforce(cluster: Cluster, policy: string, isInForce: boolean): Promise<void> {
  const change = [{ op: 'replace', path: '/spec/validationActions', value: [isInForce ? 'Deny' : 'Audit'] }]
  await cluster.kubectl('patch', 'validatingadmissionpolicybinding', policy, '--type=json', '-p', JSON.stringify(change))
}

/** One expression of a policy. */
export interface Expression {
  policy: string
  list: 'validations' | 'matchConditions'
  index: number
}

/** Has an expression hold for everything while `work` lasts. */
export async function without(cluster: Cluster, { policy, list, index }: Expression, work: () => Promise<void>): Promise<void> {
  const named = ['validatingadmissionpolicy', policy]
  const expression = await cluster.kubectl('get', ...named, '-o', `jsonpath={.spec.${list}[${index}].expression}`)
  const write = (value: string) => {
    const change = [{ op: 'replace', path: `/spec/${list}/${index}/expression`, value }]
    return cluster.kubectl('patch', ...named, '--type=json', '-p', JSON.stringify(change))
  }
  await write('true')
  try {
    await work()
  } finally {
    await write(expression)
  }
}
