import type { RegistryAccess } from './authorization.ts'
import { nonsense } from './failures.ts'
import { uploadsPath } from './paths.ts'
import { dropped, headerOf, type RegistryAnswer, type RegistryCall, type Send } from './transport.ts'

// A registry that takes no byte for so long hangs; to check a large blob at the end it may take longer.
const stallMs = 60_000
const checkMs = 300_000

export interface UploadOptions {
  /** Asked for when all was sent. */
  digest: () => string
  signal: AbortSignal
}

/**
 * Sends a blob as a stream (OCI distribution specification, "Pushing a blob in chunks", in one chunk of unknown length, as docker does it).
 * What does not end is taken back, so that the registry keeps nothing of it.
 */
export async function putBlob(
  send: Send,
  repository: string,
  content: AsyncIterable<Uint8Array>,
  { digest, signal }: UploadOptions,
): Promise<void> {
  const call = callFor(repository)
  const begun = await send({ ...call, method: 'POST', path: uploadsPath(repository), accepted: [202], signal })
  let place = await placeOf(begun, repository)
  const source = watched(content)
  const headers = { 'content-type': 'application/octet-stream' }
  try {
    const patch = { ...call, method: 'PATCH', path: place, headers, body: source.content, patienceMs: stallMs } as const
    place = await placeOf(await send({ ...patch, accepted: [202, 204], signal }), repository)
    const path = withQuery(place, { digest: digest() })
    await dropped(await send({ ...call, method: 'PUT', path, accepted: [201], patienceMs: checkMs, signal }))
  } catch (error) {
    void takeBack(send, repository, place)
    throw source.failure() ?? error
  }
}

/** Takes a blob over from another repository (OCI distribution specification, "Mounting a blob from another repository"). */
export async function mountBlob(send: Send, repository: string, digest: string, from: string): Promise<boolean> {
  const call = callFor(repository, { repository: from, actions: ['pull'] })
  const path = withQuery(uploadsPath(repository), { mount: digest, from })
  const answer = await send({ ...call, method: 'POST', path, accepted: [201, 202] })
  if (answer.statusCode === 202) void takeBack(send, repository, await placeOf(answer, repository))
  else await dropped(answer)
  return answer.statusCode === 201
}

function callFor(repository: string, ...more: RegistryAccess[]): Pick<RegistryCall, 'access' | 'what'> {
  return { access: [{ repository, actions: ['pull', 'push'] }, ...more], what: `anything be added to ${repository}` }
}

/** Where an upload goes on: the host in it may be one that only clients outside know, and never gets our credentials. */
async function placeOf(answer: RegistryAnswer, repository: string): Promise<string> {
  await dropped(answer)
  const location = headerOf(answer, 'location') ?? ''
  const below = `https://registry.invalid${uploadsPath(repository)}`
  if (location === '' || !URL.canParse(location, below)) throw nonsense('it does not tell where an upload goes on')
  const { pathname, search } = new URL(location, below)
  return `${pathname}${search}`
}

function withQuery(path: string, query: Record<string, string>): string {
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(query)}`
}

async function takeBack(send: Send, repository: string, path: string): Promise<void> {
  const call = { ...callFor(repository), method: 'DELETE', path, accepted: [200, 202, 204, 404] } as const
  // What stays of it in spite of that, registries purge by themselves after days.
  await send(call).then(dropped, () => undefined)
}

/** Content that tells whether it was itself what failed. */
function watched(content: AsyncIterable<Uint8Array>): { content: AsyncIterable<Uint8Array>; failure(): unknown } {
  let failure: unknown
  async function* read() {
    try {
      yield* content
    } catch (error) {
      failure = error
      throw error
    }
  }
  return { content: read(), failure: () => failure }
}
