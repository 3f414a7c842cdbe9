import { jittered, pause } from './backoff.ts'
import type { CallOptions, TransferClient } from './client.ts'
import { contract } from './contract.ts'
import type { Entry } from './entry.ts'
import { FilePath } from './entry-path.ts'
import { Problem } from './problem.ts'
import type { DomainName } from './storage.ts'
import { type Piece, type SizedStream, type UploadSource, uploadSource } from './upload-source.ts'

/** Where a file goes, and how. */
export interface UploadOptions {
  domain: DomainName
  path: string
  /** The etag that the file must have still when all bytes came (else Problem 412). */
  ifMatch?: string
  /** `*`: only where there is nothing yet (else Problem 412). */
  ifNoneMatch?: string
  /** Told after each piece how many bytes the server has. */
  onProgress?: (sent: number, size: number) => void
  /** Ends it, and takes away on the server what was sent, unless `keep` says otherwise. */
  signal?: AbortSignal
  /** Whether what was sent stays (for a week) when it is ended or fails, for who noted its name. */
  keep?: boolean
  /** Told the name of a resumable upload when it begins. */
  onBegun?: (upload: string) => void
  /** The name of one that was begun before with the same bytes: it goes on where that ended. */
  upload?: string
  /** Waits before another try; by default for so many milliseconds. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

const mebibyte = 1024 * 1024
/** What is not larger goes in one request. */
const mostAtOnce = 8 * mebibyte
const pieceBytes = 8 * mebibyte

/**
 * Uploads a file: readers see all of it or nothing. A small one goes in one request, a large one in pieces; a network that fails is tried again
 * for some minutes, from where the server is.
 * @example
 * const entry = await uploadFile(client, file, { domain: 'local', path: 'data/table.csv', ifNoneMatch: '*', signal, onProgress })
 * @throws Problem whatever the server refuses for; what `signal` was aborted with.
 */
export function uploadFile(
  client: TransferClient,
  bytes: UploadSource | SizedStream | Uint8Array<ArrayBuffer>,
  options: UploadOptions,
): Promise<Entry> {
  const task: Task = { client, source: uploadSource(bytes), options }
  const isSmall = task.source.size <= mostAtOnce && options.upload === undefined
  return isSmall ? sendAtOnce(task) : sendInPieces(task)
}

interface Task {
  client: TransferClient
  source: UploadSource
  options: UploadOptions
}

async function sendAtOnce(task: Task): Promise<Entry> {
  const { client, source, options } = task
  const { domain, path, onProgress, signal } = options
  const body = await source.slice(0, source.size)
  const send = () => client.upload(contract.writeFile, { params: { domain }, query: { path } }, body, callOptions(options))
  const inPieces = (error: unknown) => {
    if (signal?.aborted || !mayPass(error)) throw error
    return sendInPieces(task)
  }
  // Sent twice, a condition would refuse what the first of both made; pieces of it can be sent until they are there.
  const isRepeatable = options.ifMatch === undefined && options.ifNoneMatch === undefined
  const entry = await (isRepeatable ? persistently(send, options) : send().catch(inPieces))
  onProgress?.(source.size, source.size)
  return entry
}

async function sendInPieces(task: Task): Promise<Entry> {
  const { client, options } = task
  let upload = options.upload
  try {
    upload ??= await begin(task)
    const etag = await sendAll(task, upload)
    const { domain, path } = options
    const ask = () => client.call(contract.getEntry, { params: { domain }, query: { path } }, signalOf(options))
    // What others write from now on is not what the caller has: the next If-Match has to find out.
    return { ...(await persistently(ask, options)), etag }
  } catch (error) {
    if (upload !== undefined && !options.keep) await giveUp(task, upload)
    throw error
  }
}

async function begin({ client, source, options }: Task): Promise<string> {
  const { domain, path, onBegun } = options
  const headers = { ...tus, 'upload-length': String(source.size) }
  const where = { params: { domain }, query: { path: FilePath.parse(path) } }
  const ask = () => client.exchange(contract.createUpload, where, { ...callOptions(options), headers })
  const upload = (await persistently(ask, options)).headers.get('location')?.split('/').at(-1)
  if (upload === undefined) throw new Problem(502, 'Unexpected answer', { detail: 'The server did not name the upload.' })
  onBegun?.(upload)
  return upload
}

/** Sends what the server does not have yet; gives the etag of the file. */
async function sendAll(task: Task, upload: string): Promise<string> {
  const { source, options } = task
  let stand: Stand | undefined
  let furthest = -1
  for (let failures = 0; stand?.etag === undefined; ) {
    try {
      options.signal?.throwIfAborted()
      stand = stand ? await sendPiece(task, upload, stand.offset) : await standOf(task, upload)
      if (stand.offset > furthest) failures = 0
      furthest = Math.max(furthest, stand.offset)
      options.onProgress?.(stand.offset, source.size)
    } catch (error) {
      await beforeNextTry(error, ++failures, options)
      stand = undefined
    }
  }
  return stand.etag
}

interface Stand {
  offset: number
  /** Of the file, once all bytes came. */
  etag: string | undefined
}

async function standOf({ client, options }: Task, upload: string): Promise<Stand> {
  const params = { domain: options.domain, upload }
  return standIn(await client.exchange(contract.getUpload, { params }, { ...signalOf(options), headers: tus }))
}

async function sendPiece({ client, source, options }: Task, upload: string, offset: number): Promise<Stand> {
  const body: Piece = await source.slice(offset, Math.min(offset + pieceBytes, source.size))
  const headers = { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }
  const params = { domain: options.domain, upload }
  return standIn(await client.exchange(contract.appendToUpload, { params }, { ...signalOf(options), headers, body }))
}

function standIn({ headers }: Response): Stand {
  const offset = Number(headers.get('upload-offset') ?? Number.NaN)
  if (Number.isSafeInteger(offset)) return { offset, etag: headers.get('etag') ?? undefined }
  throw new Problem(502, 'Unexpected answer', { detail: 'The server did not say how far the upload is.' })
}

async function giveUp({ client, options }: Task, upload: string): Promise<void> {
  const params = { domain: options.domain, upload }
  // Where it cannot be reached, it gives the upload up by itself in a week.
  await client.exchange(contract.deleteUpload, { params }, { headers: tus }).catch(() => undefined)
}

const tus = { 'tus-resumable': '1.0.0' }

function signalOf({ signal }: UploadOptions): CallOptions {
  return signal ? { signal } : {}
}

function callOptions({ ifMatch, ifNoneMatch, signal }: UploadOptions): CallOptions {
  return {
    ...(ifMatch !== undefined && { ifMatch }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    ...(signal && { signal }),
  }
}

const mostFailures = 12
const longestWaitMs = 30_000

/** Does something that may be done twice until it is done. */
async function persistently<T>(act: () => Promise<T>, options: UploadOptions): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await act()
    } catch (error) {
      await beforeNextTry(error, ++failures, options)
    }
  }
}

/** Waits where trying again may help. @throws the error where it does not. */
async function beforeNextTry(error: unknown, failures: number, { signal, wait = pauseAbout }: UploadOptions): Promise<void> {
  signal?.throwIfAborted()
  if (!mayPass(error) || failures > mostFailures) throw error
  await wait(Math.min(longestWaitMs, 500 * 2 ** (failures - 1)), signal)
  signal?.throwIfAborted()
}

function pauseAbout(ms: number, signal?: AbortSignal): Promise<void> {
  return pause(jittered(ms), signal)
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof Problem)) return false
  const { status, extra } = error
  return [429, 460, 500, 502, 503, 504].includes(status) || extra['code'] === 'upload-offset'
}
