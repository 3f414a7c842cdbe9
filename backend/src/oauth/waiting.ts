import { Problem, TokenScope, tooMany } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { holding, noted, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import { digestOf } from '../users/digest.ts'

const Waiting = z.object({
  client: z.string(),
  machine: z.string(),
  scopes: z.array(TokenScope),
  address: z.string(),
  /** SHA-256 of what the editor asks with. */
  device: z.string(),
  until: z.number(),
  decision: z.object({ isApproved: z.boolean(), user: z.string() }).optional(),
})
/** An editor that shows a code and waits. */
export type Waiting = z.infer<typeof Waiting>

/** Where editors wait until somebody decides, or their time is over. */
export interface WaitingRoom {
  /** @throws Problem 429 where it is full. */
  add(name: string, waiting: Waiting): Promise<void>
  find(name: string): Promise<Waiting | undefined>
  /** @throws Problem 409 where somebody else decided. */
  decide(name: string, decision: NonNullable<Waiting['decision']>): Promise<void>
  remove(name: string): Promise<void>
}

export interface WaitingRoomPorts {
  kubernetes: Kubernetes
  namespace: string
  clock: () => number
}

/** All that wait at a time: nobody has to be signed in to begin. */
const most = 500
const mark = 'device'

/** A Secret for each that waits. */
export function createWaitingRoom({ kubernetes, namespace, clock }: WaitingRoomPorts): WaitingRoom {
  const isOver = (waiting: Waiting | undefined) => waiting === undefined || waiting.until < clock()
  const remove = (name: string) => kubernetes.remove(resources.secrets, { namespace, name })
  async function makeRoom(): Promise<void> {
    const { items } = await kubernetes.list(resources.secrets, { namespace }, holding(mark))
    const old = items.filter((secret) => isOver(read(secret)))
    for (const { metadata } of old) await remove(metadata.name)
    if (items.length - old.length >= most) throw tooMany('Too many editors wait to be signed in. Try again in some minutes.', 60)
  }
  return {
    async add(name, waiting) {
      await makeRoom()
      await kubernetes.create(resources.secrets, written(name, namespace, waiting))
    },
    async find(name) {
      const secret = await kubernetes.get(resources.secrets, { namespace, name })
      const waiting = secret && read(secret)
      return isOver(waiting) ? undefined : waiting
    },
    async decide(name, decision) {
      const secret = await kubernetes.get(resources.secrets, { namespace, name })
      const waiting = secret && read(secret)
      const late = () => new Problem(409, 'Decided already', { detail: 'Somebody decided about this code already.' })
      if (!secret || !waiting || waiting.decision) throw late()
      const decided = written(name, namespace, { ...waiting, decision })
      const { resourceVersion } = secret.metadata
      await kubernetes
        .replace(resources.secrets, { ...decided, metadata: { ...decided.metadata, resourceVersion } })
        .catch((error: unknown) => {
          throw isConflict(error) ? late() : error
        })
    },
    remove,
  }
}

/** The name under which the editor that shows a code waits: it does not tell the code. */
export function nameOfCode(code: string): string {
  return `device.${digestOf(code).slice(0, 40)}`
}

function written(name: string, namespace: string, waiting: Waiting): KubeObject {
  return noteSecret(mark, { name, namespace }, { waiting: JSON.stringify(waiting) })
}

function read(secret: KubeObject): Waiting | undefined {
  return Waiting.safeParse(JSON.parse(noted(secret, 'waiting')?.toString() || 'null')).data
}
