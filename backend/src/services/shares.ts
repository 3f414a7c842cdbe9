import { conflict, invalid, namespaceOf, notFound, ownerOf, Problem, type SharedService } from '@karvdash/common'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import { resources } from '../kubernetes/resources.ts'
import { type Templates, usableTemplate } from '../templates/templates.ts'
import type { Users } from '../users/users.ts'
import { mostShares, readableRecord, type ServiceRecord } from './record.ts'
import type { Services } from './services.ts'

/** Who may enter whose services. */
export interface Shares {
  /** @throws Problem 404, 409 where the owner has to know something first. */
  add(owner: string, share: Share & { isAware: boolean }): Promise<void>
  /** Ends a share; both sides may. @throws Problem 404. */
  remove(owner: string, share: Share): Promise<void>
  /** What others share with a user. */
  withUser(user: string): SharedService[]
}

/** A service and the user it is shared with. */
export interface Share {
  service: string
  user: string
}

export interface SharesPorts {
  kubernetes: Kubernetes
  records: Cache
  users: Pick<Users, 'known'>
  templates: Pick<Templates, 'find'>
  services: Pick<Services, 'list'>
}

const mostTries = 8

/** Whom a service is to be shared with, from how it stands. */
type Next = (record: ServiceRecord) => string[] | Promise<string[]>

/** Shares as a list in the service's record: they go with it. */
export function createShares({ kubernetes, records, users, templates, services }: SharesPorts): Shares {
  const descriptionOf = async ({ template, namespace }: ServiceRecord) =>
    (await usableTemplate(templates, ownerOf(namespace) ?? '', template))?.description
  async function change(owner: string, service: string, next: Next): Promise<void> {
    const place = { namespace: namespaceOf(owner), name: service }
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await kubernetes.get(resources.serviceRecords, place)
      const record = stored && readableRecord(stored)
      if (!stored || !record) throw notFound('service', service)
      const { resourceVersion } = stored.metadata
      const sharedWith = await next(record)
      try {
        await records.caughtUp(
          await kubernetes.patch(resources.serviceRecords, place, { metadata: { resourceVersion }, spec: { sharedWith } }),
        )
        return
      } catch (error) {
        if (!isConflict(error)) throw error
      }
    }
    throw new Problem(503, 'Busy', { detail: 'Somebody else changes this service. Try again.' })
  }
  return {
    add(owner, { service, user, isAware }) {
      if (user === owner || !users.known(user)?.active)
        throw invalid([{ pointer: '/path/user', detail: `"${user}" is no other active user.` }])
      return change(owner, service, async (record) => {
        const described = await descriptionOf(record)
        if (described?.exposure?.auth === 'secret')
          throw conflict(`"${service}" is entered by its password: give that to whom you share it with.`)
        // A template that is gone is taken for the worse.
        if (described?.shell !== false && !isAware) throw notAware(service, user)
        const others = record.sharedWith.filter((name) => name !== user)
        if (others.length === mostShares) throw conflict(`A service is shared with at most ${mostShares} users.`)
        return [...others, user]
      })
    },
    remove: (owner, { service, user }) =>
      change(owner, service, ({ sharedWith }) => {
        if (!sharedWith.includes(user)) throw notFound('share', user)
        return sharedWith.filter((name) => name !== user)
      }),
    withUser: (user) =>
      records.list().flatMap((object) => {
        const record = readableRecord(object)
        const owner = record && ownerOf(record.namespace)
        if (!record?.sharedWith.includes(user) || owner === undefined) return []
        const shown = services.list(owner).find(({ name }) => name === record.name)
        return shown ? [{ owner, name: shown.name, template: shown.template, state: shown.state, url: shown.url }] : []
      }),
  }
}

function notAware(service: string, user: string): Problem {
  return conflict(
    `Whoever enters "${service}" can do as you could: read, change and delete your files, and run programs as you.`,
    {
      service,
      user,
      needs: 'isAware',
    },
  )
}
