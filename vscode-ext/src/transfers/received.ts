import {
  backoffMs,
  contract,
  type DomainName,
  type Entry,
  type FilePath,
  Problem,
  pause,
  type TransferClient,
} from '@karvdash/common'

/** A file as it was seen. */
export interface Wanted {
  domain: DomainName
  path: FilePath
  entry: Pick<Entry, 'etag' | 'size'>
}

export interface Receiving {
  signal: AbortSignal
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

const mostFailures = 8

/**
 * The bytes of a file, as it was seen; where the connection is lost they go on from where they were.
 * @throws Problem whatever the server refuses for; 412 where the file was changed meanwhile.
 */
export async function* fileBytes(
  client: TransferClient,
  { domain, path, entry }: Wanted,
  { signal, wait = pause }: Receiving,
): AsyncGenerator<Uint8Array> {
  let received = 0
  for (let failures = 0; ; failures++) {
    try {
      const where = { params: { domain }, query: { path } }
      const range = received > 0 && { range: { first: received } }
      const { body } = await client.download(contract.readFile, where, { signal, ifMatch: entry.etag, ...range })
      for await (const chunk of chunksOf(body)) {
        received += chunk.length
        failures = 0
        yield chunk
      }
      if (received >= entry.size) return
    } catch (failure) {
      if (signal.aborted || (failure instanceof Problem && failure.status < 500) || failures >= mostFailures) throw failure
    }
    await wait(backoffMs(failures), signal)
  }
}

/** What a body brings; who stops reading frees the connection. */
export async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  try {
    for (;;) {
      const next = await reader?.read()
      if (!next || next.done) return
      yield next.value
    }
  } finally {
    await reader?.cancel().catch(() => undefined)
  }
}

/** Tells how many bytes came. */
export async function* counted(chunks: AsyncIterable<Uint8Array>, tell: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    tell(bytes)
    yield chunk
  }
}
