import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { placeAims } from '../support/attacks/aims.ts'
import { allAttacks } from '../support/attacks/all.ts'
import { at, create, home, object } from '../support/attacks/asks.ts'
import { type Ask, type Attack, clusterAdmin } from '../support/attacks/attack.ts'
import { type Ground, startGround } from '../support/attacks/ground.ts'
import { placeOld } from '../support/attacks/old.ts'
import { type Expression, type Policy, renderedPolicies, without } from '../support/attacks/policies.ts'
import { rightAims, rights } from '../support/attacks/rights.ts'
import { gatedIngress } from '../support/attacks/routes.ts'
import { until } from '../support/until.ts'

// Each expression is a test, so they are known before anything runs.
const policies = await renderedPolicies()

const nobody = 'karvdash-not-a-user'
const claim = { accessModes: ['ReadWriteOnce'], storageClassName: 'slow', resources: { requests: { storage: '1Gi' } } }

/** It takes a dashboard whose name could be a service's: `integration/guard-configured.test.ts` has one, and the attack. */
const needsAnotherDashboard = "This is the dashboard's host."

/** What depends on the chart's values, or is not in mallory's namespace. */
const attacks: Attack[] = [
  ...allAttacks,
  {
    promise: 'a claim gets a volume of its class',
    name: 'claims a volume of a class that is not listed',
    expects: 'This storage class is not for users',
    ...create(at('v1', 'persistentvolumeclaims'), object('v1', 'PersistentVolumeClaim', 'data', { spec: claim })),
  },
  {
    promise: 'hosts are their user’s alone',
    name: 'routes the host of a service x-not-a of the user user',
    expects: 'This namespace is no user',
    ...gatedIngress('x-not-a-user.karvdash.test'),
    path: at('networking.k8s.io/v1', 'ingresses', undefined, nobody),
    as: clusterAdmin,
  },
]
const allowed: (Ask & { name: string })[] = [...allAttacks.flatMap(({ twin }) => twin ?? []), ...rights]
let ground: Ground
/** The attacks that each policy is known to refuse. */
let refused: Map<string, Attack[]>

beforeAll(async () => {
  ground = await startGround('guard-mutations', { guard: { apiGroups: ['argoproj.io'], storageClasses: ['any'] } })
  await placeAims(ground)
  await ground.cluster.kubectl('create', 'namespace', nobody)
  for (const one of rightAims) await ground.cluster.create(one)
  await ground.cluster.kubectl('wait', '--for=condition=Established', 'crd/workflows.argoproj.io')
  await ground.cluster.create(object('argoproj.io/v1alpha1', 'Workflow', 'mine', { metadata: { namespace: home } }))
  // The webhook refuses some of it first; here the policies alone are looked at.
  await ground.cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'karvdash')
  await placeOld(ground)
  await soon(async () => expect(await denied()).toEqual([]))
  const replies = await Promise.all(
    attacks.map(async (attack) => ({ attack, message: (await ground.sender.dryRun(attack)).message })),
  )
  const policyIn = (message: string) => /ValidatingAdmissionPolicy '([^']+)'/.exec(message)?.[1] ?? ''
  const byPolicy = Map.groupBy(replies, ({ message }) => policyIn(message))
  refused = new Map([...byPolicy].map(([policy, group]) => [policy, group.map(({ attack }) => attack)]))
}, 120_000)
afterAll(() => ground?.stop())

/** Rights that somebody does not have at this moment. */
async function denied(): Promise<unknown[]> {
  const replies = await Promise.all(allowed.map(async (ask) => ({ name: ask.name, ...(await ground.sender.dryRun(ask)) })))
  return replies.filter(({ status }) => status >= 300)
}

/** Those of the attacks that get in at this moment. */
async function admitted(known: Attack[]): Promise<string[]> {
  const replies = await Promise.all(known.map(async (attack) => ({ attack, ...(await ground.sender.dryRun(attack)) })))
  return replies.flatMap(({ attack, status }) => (status < 300 ? [attack.name] : []))
}

describe('every rule keeps something out: without it an attack gets in', () => {
  test.each(expressions('validations'))('%s', async (_, expression) => {
    const known = refused.get(expression.policy) ?? []
    await without(ground.cluster, expression, () => soon(async () => expect(await admitted(known)).not.toEqual([])))
    await soon(async () => expect(await admitted(known)).toEqual([]))
  })
})

describe('every condition lets somebody go on: without it something is refused that is a right', () => {
  test.each(expressions('matchConditions'))('%s', async (_, expression) => {
    await without(ground.cluster, expression, () => soon(async () => expect(await denied()).not.toEqual([])))
    await soon(async () => expect(await denied()).toEqual([]))
  })
})

/** The API server obeys a moment after a policy is written. */
async function soon(expectation: () => Promise<void>): Promise<void> {
  await until(async () => {
    await expectation()
    return true
  }, 8_000)
}

function expressions(list: 'validations' | 'matchConditions'): [name: string, Expression][] {
  return policies.flatMap((policy) =>
    policy.spec[list].flatMap((one, index): [string, Expression][] =>
      wordsOf(one) === needsAnotherDashboard
        ? []
        : [[`${policy.metadata.name}: ${wordsOf(one)}`, { policy: policy.metadata.name, list, index }]],
    ),
  )
}

function wordsOf(one: Policy['spec']['validations' | 'matchConditions'][number]): string {
  return String(one['message'] ?? one['name'] ?? one.expression)
}
