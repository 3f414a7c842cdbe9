import { namespaceOf, type PlatformHealth, type Service, type Usage } from '@karvdash/common'
import * as z from 'zod'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import type { IdlePolicy } from '../services/idle/policy.ts'
import type { Services } from '../services/services.ts'
import { quotaNames } from '../users/bounds.ts'
import type { Users } from '../users/users.ts'

/** What admins see of all users, and of the platform itself. */
export interface Overview {
  usage(): Promise<Usage[]>
  health(): Promise<PlatformHealth>
}

export interface OverviewPorts {
  kubernetes: Kubernetes
  namespace: string
  users: Pick<Users, 'list'>
  services: Pick<Services, 'list'>
  caches: Record<string, Pick<Cache, 'heardAt'>>
  /** Whether a watch that was silent for so long may have missed something. */
  isFresh: (name: string) => boolean
  version: string
  /** When services that nobody uses are stopped. */
  idle: IdlePolicy | undefined
  clock?: () => number
}

const quantities = z.record(z.string(), z.string()).default({})
const Counted = z.looseObject({ status: z.looseObject({ used: quantities, hard: quantities }).default({ used: {}, hard: {} }) })
const Container = z.looseObject({ restartCount: z.number().int().default(0) })
const Condition = z.looseObject({ type: z.string(), status: z.string() })
const Replica = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: z.string() }),
  status: z
    .looseObject({ conditions: z.array(Condition).default([]), containerStatuses: z.array(Container).default([]) })
    .default({ conditions: [], containerStatuses: [] }),
})
const replicas = 'app.kubernetes.io/name=karvdash,app.kubernetes.io/component=backend'

/** Makes both. */
export function createOverview(ports: OverviewPorts): Overview {
  const { kubernetes, namespace, users, services, caches, isFresh, version, idle, clock = Date.now } = ports
  return {
    async usage() {
      const { items } = await kubernetes.list(resources.quotas)
      const ours = items.filter(({ metadata }) => quotaNames.some((name) => name === metadata.name))
      const counted = Map.groupBy(ours, ({ metadata }) => metadata.namespace)
      return users.list().map(({ name, active }) => {
        const parts = (counted.get(namespaceOf(name)) ?? []).map((quota) => Counted.parse(quota).status)
        const all = (side: 'used' | 'hard') => Object.fromEntries(parts.flatMap((part) => Object.entries(part[side])))
        return { user: name, active, services: services.list(name).length, used: all('used'), hard: all('hard') }
      })
    },
    async health() {
      const { items } = await kubernetes.list(resources.pods, { namespace }, replicas)
      const all = users.list()
      const shown = all.flatMap(({ name }) => services.list(name))
      const states = shown.map(({ state }) => state)
      return {
        version,
        replicas: items.map(replicaOf),
        watches: Object.entries(caches).map(([name, cache]) => ({
          name,
          silentSeconds: Math.round((clock() - cache.heardAt()) / 1000),
          isFresh: isFresh(name),
        })),
        users: {
          total: all.length,
          active: all.filter(({ active }) => active).length,
          waiting: all.filter(({ active, fileId }) => !active && fileId === undefined).length,
        },
        services: Object.fromEntries([...new Set(states)].map((state) => [state, states.filter((one) => one === state).length])),
        ...(idle && { idle: idleOf(idle, shown) }),
      }
    },
  }
}

function idleOf({ afterMs, warningMs, cpu }: IdlePolicy, services: Service[]): PlatformHealth['idle'] {
  const warned = services.filter(({ idle }) => idle !== undefined).length
  return { afterSeconds: afterMs / 1000, warningSeconds: warningMs / 1000, cpu: cpu.text, warned }
}

function replicaOf(pod: unknown): PlatformHealth['replicas'][number] {
  const { metadata, status } = Replica.parse(pod)
  return {
    name: metadata.name,
    ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    startedAt: metadata.creationTimestamp,
  }
}
