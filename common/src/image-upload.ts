import { backoffMs, pause } from './backoff.ts'
import type { TransferClient } from './client.ts'
import { contract } from './contract.ts'
import { FilePath, pathIn } from './entry-path.ts'
import { readEvents } from './event-stream.ts'
import { isAdditionOver } from './image-words.ts'
import { AdditionEvent, type ImageAddition, type NewImage } from './images.ts'
import { Problem } from './problem.ts'
import { uploadFile } from './upload.ts'

const domain = 'local'
/** Where files are put that are uploaded to be added. */
const spoolFolder = FilePath.parse('.images')

/** A file with images, and how they are to be added. */
export interface ImageFile {
  name: string
  bytes: Parameters<typeof uploadFile>[1]
  adding: Pick<NewImage, 'as' | 'overwrite'>
}

/** How an upload is followed, and ended. */
export interface Following {
  signal: AbortSignal
  /** Told how many bytes the server has. */
  onProgress: (sent: number, size: number) => void
}

/**
 * Sends a file into a folder of the user's own and has its images added; the platform removes it from there when that is done.
 * @throws Problem whatever the server refuses for.
 */
export async function uploadImages(
  client: TransferClient,
  { name, bytes, adding }: ImageFile,
  { signal, onProgress }: Following,
): Promise<ImageAddition> {
  await client.call(contract.createFolder, { params: { domain }, body: { path: spoolFolder } }).catch(unlessThere)
  // Two of one name are two files.
  const path = pathIn(spoolFolder, `${crypto.randomUUID().slice(0, 8)}-${name}`)
  await uploadFile(client, bytes, { domain, path, ifNoneMatch: '*', signal, onProgress })
  return client.call(contract.addImage, { body: { ...adding, from: { domain, path }, removeFile: true } })
}

/** How an addition is waited for. */
export interface Awaiting {
  /** Cancels it, as long as that is possible. */
  signal: AbortSignal
  onChange: (addition: ImageAddition) => void
  wait?: (ms: number) => Promise<void>
}

/**
 * Waits until an addition is over, whatever becomes of the connection meanwhile.
 * @throws Problem with its words where it failed or was cancelled.
 */
export async function awaitAddition(client: TransferClient, id: string, awaiting: Awaiting): Promise<ImageAddition> {
  const { signal } = awaiting
  const cancel = () => void client.call(contract.endAddition, { params: { addition: id } }).catch(() => undefined)
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel)
  try {
    const ended = await followed(client, id, awaiting)
    if (ended.phase === 'finished') return ended
    throw new Problem(409, 'Not added', { detail: ended.detail ?? 'It was cancelled.' })
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

async function followed(client: TransferClient, id: string, { onChange, wait = pause }: Awaiting): Promise<ImageAddition> {
  for (let failures = 0; ; failures++) {
    try {
      const { body } = await client.download(contract.watchAdditions, {})
      for await (const addition of additionsIn(body, id)) {
        failures = 0
        onChange(addition)
        if (isAdditionOver(addition)) return addition
      }
      // What the stream does not tell of may be forgotten: then this says so.
      await client.call(contract.getAddition, { params: { addition: id } })
    } catch (failure) {
      if (failure instanceof Problem && [401, 403, 404].includes(failure.status)) throw failure
    }
    await wait(backoffMs(failures))
  }
}

/** What is told of one addition, until it is forgotten. */
async function* additionsIn(body: ReadableStream<Uint8Array> | null, id: string): AsyncGenerator<ImageAddition> {
  if (!body) return
  for await (const data of readEvents(body)) {
    const event = AdditionEvent.safeParse(JSON.parse(data))
    if (!event.success) continue
    if (event.data.type === 'gone' && event.data.id === id) return
    if (event.data.type === 'addition' && event.data.addition.id === id) yield event.data.addition
  }
}

function unlessThere(failure: unknown): void {
  if (!(failure instanceof Problem && failure.status === 409)) throw failure
}
