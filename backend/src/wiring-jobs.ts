import type { Trail } from './audit/trail.ts'
import { createJobStore } from './jobs/store.ts'
import { type Additions, createAdditions } from './registry/additions/additions.ts'
import { AdditionRecord, additionMark } from './registry/additions/record.ts'
import { createJobs, type Jobs } from './storage/jobs/jobs.ts'
import { JobRecord, jobMark } from './storage/jobs/record.ts'
import { domainOpener } from './storage/jobs/site.ts'
import type { Storage } from './storage/storage.ts'
import type { Users } from './users/users.ts'
import type { Opened } from './wiring.ts'
import type { RegistryParts } from './wiring-registry.ts'

export interface JobsWiringPorts {
  storage: Storage
  fileIdOf: (user: string) => Promise<number | undefined>
  users: Users
  trail: Trail
  registry: Pick<RegistryParts, 'registry' | 'book'> | undefined
}

/** What goes on whichever replica ends. */
export interface JobParts {
  jobs: Jobs
  /** Undefined where there is no registry. */
  additions: Additions | undefined
}

/** Puts together what takes longer than a request. */
export function wireJobs({ kubernetes, caches, config, log }: Opened, ports: JobsWiringPorts): JobParts {
  const { users, trail, registry } = ports
  const place = { kubernetes, namespace: config.namespace, secrets: caches.jobs }
  const common = {
    open: domainOpener({ ...ports, config }),
    isActive: (user: string) => users.known(user)?.active === true,
    replica: config.podName,
    log,
  }
  return {
    jobs: createJobs({ ...common, store: createJobStore({ ...place, mark: jobMark, schema: JobRecord }) }),
    additions:
      registry &&
      createAdditions({
        ...{ ...common, ...registry, audit: trail.record },
        store: createJobStore({ ...place, mark: additionMark, schema: AdditionRecord }),
        roleOf: (user) => users.known(user)?.role ?? 'user',
      }),
  }
}
