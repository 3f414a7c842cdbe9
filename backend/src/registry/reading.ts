import { TagName } from '@karvdash/common'
import { boundedBytes } from './bounded.ts'
import type { Described, Registry } from './client.ts'
import { nonsense } from './failures.ts'
import { acceptedManifests, digestOf, readManifest, toldDigest } from './manifest-answer.ts'
import { allNames } from './pages.ts'
import { blobPath, isRepository, manifestPath, tagsPath } from './paths.ts'
import { dropped, headerOf, type RegistryAnswer, type RegistryCall, type Send } from './transport.ts'

const mostNames = 100_000
const mostTags = 10_000
const mostBlobBytes = 4 * 1024 * 1024
// 401 and 403: it tells nobody, or not us; 404 and 405: it has none.
const untold = [401, 403, 404, 405]

type Reading = 'repositories' | 'tags' | 'head' | 'manifest' | 'blob' | 'hasBlob'

/** What is read of the registry. */
export function createReader(send: Send): Pick<Registry, Reading> {
  const look = createLook(send)
  const manifest: Registry['manifest'] = async (repository, reference, most) => {
    const path = manifestPath(repository, reference)
    const answer = await look(repository, { path, headers: { accept: acceptedManifests } })
    return answer && readManifest(answer, reference, most)
  }
  return {
    manifest,
    repositories: (signal) => readCatalogue(send, signal),
    async tags(repository, signal) {
      const path = tagsPath(repository)
      const names = await allNames({ path, member: 'tags', most: mostTags, ask: (at) => look(repository, { path: at, signal }) })
      return names.filter((name) => TagName.safeParse(name).success)
    },
    async head(repository, reference) {
      const path = manifestPath(repository, reference)
      const answer = await look(repository, { method: 'HEAD', path, headers: { accept: acceptedManifests } })
      if (!answer) return undefined
      const told = describedBy(answer)
      if (told) return told
      // Not every registry tells a HEAD what it tells a GET.
      const whole = await manifest(repository, reference)
      return whole && { digest: whole.digest, mediaType: whole.mediaType, bytes: whole.content.length }
    },
    async blob(repository, digest, most = mostBlobBytes) {
      const answer = await look(repository, { path: blobPath(repository, digest) })
      if (!answer) return undefined
      const content = await boundedBytes(answer.body, most)
      if (digestOf(content) !== digest) throw nonsense('a blob is not of its digest')
      return content
    },
    async hasBlob(repository, digest) {
      const answer = await look(repository, { method: 'HEAD', path: blobPath(repository, digest) })
      return answer && (Number(headerOf(answer, 'content-length')) || 0)
    },
  }
}

type Look = (repository: string, call: Pick<RegistryCall, 'path'> & Partial<RegistryCall>) => Promise<RegistryAnswer | undefined>

/** Asks for something of a repository; undefined where it is not there. */
function createLook(send: Send): Look {
  return async (repository, call) => {
    const what = `anybody look at ${repository}`
    const access = [{ repository, actions: ['pull'] as const }]
    const answer = await send({ method: 'GET', what, access, accepted: [200, 404], ...call })
    if (answer.statusCode !== 404 && call.method !== 'HEAD') return answer
    await dropped(answer)
    return answer.statusCode === 404 ? undefined : answer
  }
}

async function readCatalogue(send: Send, signal: AbortSignal | undefined): Promise<string[] | undefined> {
  let isTold = true
  const accepted = [200, ...untold]
  const ask = async (path: string) => {
    const answer = await send({
      method: 'GET',
      path,
      access: [{ actions: ['*'] }],
      accepted,
      what: 'its names be listed',
      signal,
    })
    if (answer.statusCode === 200) return answer
    isTold = false
    await dropped(answer)
    return undefined
  }
  const names = await allNames({ path: '/v2/_catalog', member: 'repositories', most: mostNames, ask })
  return isTold ? names.filter(isRepository) : undefined
}

function describedBy(answer: RegistryAnswer): Described | undefined {
  const digest = toldDigest(answer)
  const [mediaType = ''] = (headerOf(answer, 'content-type') ?? '').split(';')
  const bytes = Number(headerOf(answer, 'content-length'))
  return digest !== undefined && mediaType !== '' && bytes > 0 ? { digest, mediaType: mediaType.trim(), bytes } : undefined
}
