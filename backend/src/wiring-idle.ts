import type { Trail } from './audit/trail.ts'
import type { Controllers } from './controllers.ts'
import { createJudge } from './services/idle/judge.ts'
import { createLooks } from './services/idle/look.ts'
import { startRounds } from './services/idle/rounds.ts'
import { createUses } from './services/idle/uses.ts'
import { readableRecord } from './services/record.ts'
import type { Templates } from './templates/templates.ts'
import type { Users } from './users/users.ts'
import type { Opened } from './wiring.ts'

export interface IdleWiringPorts {
  users: Users
  templates: Templates
  controllers: Pick<Controllers, 'holdsLease'>
  trail: Trail
}

/** What others tell of the use of services; nothing of it is kept where services are never stopped for being idle. */
export interface IdleParts {
  /** Somebody was let in at the gate. */
  noteUse(service: { uid: string; isWarned: boolean }): void
  /** Somebody looks into it until the function that this gives is called. */
  hold(uid: string): () => void
  stop(): Promise<void>
}

const off: IdleParts = { noteUse: () => undefined, hold: () => () => undefined, stop: async () => undefined }

/** Puts together what stops services that nobody uses. */
export function wireIdle({ kubernetes, caches, config, log }: Opened, ports: IdleWiringPorts): IdleParts {
  const { idle: policy, namespace, podName: replica } = config
  if (!policy) return off
  const { users, templates, controllers, trail } = ports
  const { accounts: secrets, records } = caches
  const uids = () => new Set(records.list().flatMap((record) => readableRecord(record)?.uid ?? []))
  const uses = createUses({ kubernetes, namespace, replica, secrets, uids, lifetimeMs: 2 * policy.afterMs })
  const isHeld = controllers.holdsLease
  const looks = createLooks({ kubernetes, policy })
  const judge = createJudge({ policy, kubernetes, caches, users, templates, uses, looks, isHeld, record: trail.record, log })
  const { noteUse, stop } = startRounds({ policy, judge, uses, records, secrets, isHeld, log })
  return {
    noteUse,
    hold(uid) {
      const end = uses.hold(uid)
      noteUse({ uid, isWarned: true })
      return end
    },
    stop,
  }
}
