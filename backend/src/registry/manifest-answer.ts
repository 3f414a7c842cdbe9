import { createHash } from 'node:crypto'
import { Digest } from '@karvdash/common'
import { boundedBytes } from './bounded.ts'
import { nonsense } from './failures.ts'
import { headerOf, type RegistryAnswer } from './transport.ts'

const mostBytes = 4 * 1024 * 1024

/** Every kind of manifest that tells its blobs. */
export const manifestTypes = {
  index: ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'],
  image: ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'],
} as const

/** For the header `Accept`. */
export const acceptedManifests = [...manifestTypes.image, ...manifestTypes.index].join(', ')

/** The digest of some bytes. */
export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** The digest that the registry tells, where it tells one. */
export function toldDigest(answer: Pick<RegistryAnswer, 'headers'>): string | undefined {
  const told = headerOf(answer, 'docker-content-digest')
  return Digest.safeParse(told).success ? told : undefined
}

/**
 * Reads a manifest, and checks that it is what was asked for.
 * @throws Problem 502 for one of another digest than it should have, or of more bytes than it may have.
 */
export async function readManifest(answer: RegistryAnswer, reference: string, most = mostBytes) {
  const content = await boundedBytes(answer.body, most)
  const digest = digestOf(content)
  const expected = Digest.safeParse(reference).success ? reference : toldDigest(answer)
  if (expected !== undefined && expected !== digest) throw nonsense('a manifest is not of its digest')
  const [mediaType = ''] = (headerOf(answer, 'content-type') ?? '').split(';')
  return { digest, mediaType: mediaType.trim(), content }
}
