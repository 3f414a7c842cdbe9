import type { Kubernetes } from '@karvdash/backend/kubernetes/client'
import type { KubeObject } from '@karvdash/backend/kubernetes/objects'
import { resources } from '@karvdash/backend/kubernetes/resources'
import { namespaceOf } from '@karvdash/common'
import type { Cluster } from '../support/cluster.ts'
import { openEmptyWebhook } from './empty-webhook.ts'
import { differenceFigure, type Figure, type Pair } from './figure.ts'
import { type Ground, tenant } from './ground.ts'
import { interleaved, percentile, type Side, timed } from './statistics.ts'

const rounds = 300
const warmUps = 50
const plain = 'bench-plain'
/** Where an empty webhook is asked. */
const asked = 'bench-asked'

/** The creation of a pod in a user's namespace, whose pods the webhook changes, against one in a namespace that it does not see. */
export async function webhookFigures({ kubernetes, cluster }: Ground): Promise<Figure[]> {
  for (const name of [plain, asked]) {
    await kubernetes.create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    await serviceAccount(name)
  }
  const sides = { ours: creating(namespaceOf(tenant.username), 3), peer: creating(plain, 0) }
  const pairs = await interleaved(rounds, sides, warmUps)
  const at = (share: number): Pair => ({
    ours: percentile(
      pairs.map(({ ours }) => ours),
      share,
    ),
    peer: percentile(
      pairs.map(({ peer }) => peer),
      share,
    ),
  })
  return [
    differenceFigure({ name: 'webhook/p50', unit: 'ms', pairs: [at(0.5)], goal: { atMost: 3 } }),
    ...(await crowdFigures(kubernetes, cluster)),
  ]

  /** Until its `default` account is there, no pod can be made in a namespace. */
  async function serviceAccount(namespace: string): Promise<void> {
    while (!(await kubernetes.get(resources.serviceAccounts, { namespace, name: 'default' })))
      await new Promise((resolve) => setTimeout(resolve, 50))
  }

  function creating(namespace: string, domains: number): Side {
    let made: KubeObject | undefined
    let count = 0
    return {
      async measure() {
        const pod = podObject(namespace, `pod-${count++}`)
        const took = await timed(async () => {
          made = await kubernetes.create(resources.pods, pod)
        })
        const volumes = JSON.stringify(made?.['spec']).split('"hostPath"').length - 1
        if (volumes !== domains) throw new Error(`A pod in ${namespace} has ${volumes} domains in it.`)
        return took
      },
      after: () => kubernetes.remove(resources.pods, made?.metadata ?? {}),
    }
  }
}

const together = 50
const crowds = 12

/**
 * Fifty pods that are created at the same moment: all that admission does, quota and policies among it, against a namespace with none; and, to
 * know what of it is the asking alone, a namespace with a webhook that does nothing.
 */
async function crowdFigures(kubernetes: Kubernetes, cluster: Cluster): Promise<Figure[]> {
  const places = { ours: namespaceOf(tenant.username), peer: plain, empty: asked }
  const took = { ours: [] as number[], peer: [] as number[], empty: [] as number[] }
  const closeEmpty = await openEmptyWebhook(cluster, asked)
  for (let round = 0; round < crowds; round++) {
    for (const side of ['ours', 'peer', 'empty'] as const) {
      const times = await crowd(kubernetes, places[side])
      // The first ones warm all sides up.
      if (round > 1) took[side].push(...times)
    }
  }
  await closeEmpty()
  const figure = (name: string, side: 'ours' | 'empty', share: number, atMost: number) => {
    const pairs = [{ ours: percentile(took[side], share), peer: percentile(took.peer, share) }]
    return differenceFigure({ name: `admission/${name}`, unit: 'ms', pairs, goal: { atMost } })
  }
  return [
    figure('50-in-flight/p50', 'ours', 0.5, 3),
    figure('50-in-flight/p99', 'ours', 0.99, 15),
    figure('empty-webhook/p50', 'empty', 0.5, 3),
    figure('empty-webhook/p99', 'empty', 0.99, 15),
  ]
}

async function crowd(kubernetes: Kubernetes, namespace: string): Promise<number[]> {
  const names = Array.from({ length: together }, (_, n) => `crowd-${n}`)
  const times = await Promise.all(names.map((name) => timed(() => kubernetes.create(resources.pods, podObject(namespace, name)))))
  await kubernetes.removeAll(resources.pods, { namespace }, { graceSeconds: 0 })
  while ((await kubernetes.list(resources.pods, { namespace })).items.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return times
}

function podObject(namespace: string, name: string): KubeObject {
  const containers = [{ name: 'main', image: 'docker.io/library/busybox:1', command: ['sleep', 'infinity'] }]
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers } }
}
