import { namespaceOf, type Service } from '@karvdash/common'
import { readableRecord, type ServiceRecord } from './record.ts'
import type { ServiceCaches, Services } from './services.ts'
import { wayOf } from './status/live.ts'
import { isUnanswered } from './status/ways.ts'

interface EntrancePorts {
  caches: ServiceCaches
  /** A service as people see it. */
  shown: (record: ServiceRecord) => Service
}

/** What the gate asks about services, from what is watched. */
export function createEntrance({ caches, shown }: EntrancePorts): Pick<Services, 'entryOf' | 'unanswered'> {
  function recordOf(user: string, name: string): ServiceRecord | undefined {
    const object = caches.records.get(name, namespaceOf(user))
    return object && readableRecord(object)
  }
  return {
    entryOf({ user, service }) {
      const record = recordOf(user, service)
      return (
        record && { uid: record.uid, sharedWith: record.sharedWith, isWarned: record.idle !== undefined && !record.isStopped }
      )
    },
    unanswered({ user, service }) {
      const record = recordOf(user, service)
      return record && isUnanswered(wayOf(caches, record)) ? shown(record) : undefined
    },
  }
}
