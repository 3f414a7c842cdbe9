import { parseQuantity } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../../kubernetes/client.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { resources } from '../../kubernetes/resources.ts'
import { amountWords } from './catalogue/amounts.ts'

/** How much the nodes have free. */
export interface Room {
  /** The most that one node has free of a resource, in words, where it is known; else it is counted, and the namespace that asked is told. */
  free(namespace: string, resource: string): string | undefined
  /** Calls back for each namespace that asked, when it was counted anew; gives the function that ends it. */
  onChange(listener: (change: { namespace: string }) => void): () => void
}

/** Counting reads all pods of the cluster: it is done when somebody looks at a service that finds no node, and not more often. */
const countedForMs = 60_000

interface RoomPorts {
  kubernetes: Pick<Kubernetes, 'pages'>
  onError: (error: unknown) => void
  clock?: () => number
}

/** Counts what nodes have, less what their pods ask for. */
export function createRoom({ kubernetes, onError, clock = Date.now }: RoomPorts): Room {
  let counted: { at: number; free: Map<string, bigint> } | undefined
  let isCounting = false
  const listeners = new Set<(change: { namespace: string }) => void>()
  const asking = new Set<string>()
  async function count(): Promise<void> {
    isCounting = true
    try {
      counted = { free: await mostFree(kubernetes), at: clock() }
    } catch (error) {
      onError(error)
      counted = { free: counted?.free ?? new Map(), at: clock() }
    } finally {
      isCounting = false
    }
    const asked = [...asking]
    asking.clear()
    for (const namespace of asked) for (const listener of listeners) listener({ namespace })
  }
  return {
    free(namespace, resource) {
      const isOld = !counted || clock() - counted.at >= countedForMs
      if (isOld || isCounting) asking.add(namespace)
      if (isOld && !isCounting) void count()
      const amount = counted?.free.get(resource)
      return amount === undefined ? undefined : amountWords(resource, amount)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const Amounts = z.record(z.string(), z.string()).default({})
const Node = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ unschedulable: z.boolean().default(false) }).default({ unschedulable: false }),
  status: z.object({ allocatable: Amounts }),
})
const Asking = z.object({
  spec: z.object({
    nodeName: z.string(),
    containers: z.array(z.object({ resources: z.object({ requests: Amounts }).default({ requests: {} }) })),
  }),
  status: z.object({ phase: z.string() }),
})

type Nodes = Map<string, Map<string, bigint>>

async function mostFree(kubernetes: RoomPorts['kubernetes']): Promise<Map<string, bigint>> {
  const nodes: Nodes = new Map()
  for await (const { items } of kubernetes.pages(resources.nodes)) for (const item of items) addNode(nodes, item)
  for await (const { items } of kubernetes.pages(resources.pods)) for (const item of items) takePod(nodes, item)
  const most = new Map<string, bigint>()
  const larger = (one: bigint, other = 0n) => (one > other ? one : other)
  for (const [resource, amount] of [...nodes.values()].flatMap((free) => [...free]))
    most.set(resource, larger(amount, most.get(resource)))
  return most
}

function addNode(nodes: Nodes, object: KubeObject): void {
  const read = Node.safeParse(object)
  if (!read.success || read.data.spec.unschedulable) return
  const amounts = Object.entries(read.data.status.allocatable).map(([name, text]): [string, bigint] => [
    name,
    parseQuantity(text) ?? 0n,
  ])
  nodes.set(read.data.metadata.name, new Map(amounts))
}

function takePod(nodes: Nodes, object: KubeObject): void {
  const read = Asking.safeParse(object)
  const free = read.success ? nodes.get(read.data.spec.nodeName) : undefined
  if (!read.success || !free || read.data.status.phase === 'Succeeded' || read.data.status.phase === 'Failed') return
  for (const { resources: asked } of read.data.spec.containers)
    for (const [resource, text] of Object.entries(asked.requests)) {
      const before = free.get(resource)
      if (before !== undefined) free.set(resource, before - (parseQuantity(text) ?? 0n))
    }
}
