import { type DomainName, ownerOf, Problem } from '@karvdash/common'
import type { Config } from '../config.ts'
import { volumeSource } from '../storage/backing.ts'
import { sharedGid } from '../users/file-ids.ts'
import { apiSecretName, apiUrl, pullSecretName } from '../users/objects.ts'
import { type Injection, injectPod, injectWorkload } from './pods.ts'
import { admitted, denied, type ReviewRequest } from './review.ts'

/** Decides on an object that enters a user's namespace. */
export type Admission = (request: ReviewRequest) => Promise<object>

export interface AdmissionPorts {
  config: Config
  /** The numeric id of a user's files: from the cache, or by one live read for a user it does not know yet. */
  fileIdOf: (user: string) => Promise<number | undefined>
  /** Domains whose storage does not answer at the moment. */
  away: () => Promise<DomainName[]>
}

/** Makes the mutating webhook: each pod gets its user's folders, or an answer that says why not. */
export function createAdmission({ config, fileIdOf, away }: AdmissionPorts): Admission {
  return async (request) => {
    const user = ownerOf(request.namespace)
    if (user === undefined) return admitted(request, request.object)
    const fileId = await fileIdOf(user)
    if (fileId === undefined) return denied(request.uid, 503, `The folders of ${user} are not ready yet. Try again in a moment.`)
    try {
      const injection = injectionFor(user, fileId, config)
      if (request.kind !== 'Pod') return admitted(request, injectWorkload(request.object, injection))
      const without = await away()
      return admitted(request, injectPod(request.object, { ...injection, away: without }), without.map(warningOf))
    } catch (error) {
      if (error instanceof Problem) return denied(request.uid, error.status, error.message)
      throw error
    }
  }
}

/** What the pods of a user get. */
export function injectionFor(user: string, fileId: number, config: Config): Omit<Injection, 'away'> {
  const source = (domain: DomainName) => volumeSource(config.backings[domain], domain, user)
  return {
    sources: { local: source('local'), remote: source('remote'), shared: source('shared') },
    groups: [fileId, sharedGid(config)],
    apiUrl: apiUrl(config),
    apiSecret: apiSecretName,
    pullSecret: config.registry && pullSecretName,
  }
}

function warningOf(domain: DomainName): string {
  return `/${domain} is away: its storage does not answer. The pod starts with an empty folder there that cannot be written to; start it anew later.`
}
