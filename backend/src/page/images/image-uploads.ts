import { type ImageFile, uploadImages } from '@karvdash/common'
import type { Api } from '../api.ts'
import { sentenceOf } from '../problems.ts'

/** A file with images on its way from this computer; once it is there, the platform goes on by itself. */
export interface ImageUpload {
  readonly name: string
  readonly size: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed' | 'ended'
  readonly sent: number
  /** What went wrong. */
  readonly reason: string
  cancel(): void
}

/** How the images of a file are to be added. */
export type Adding = ImageFile['adding']

/** Files with images on their way: they go on while people look at other screens. */
export interface ImageUploads {
  add(file: File, adding: Adding): void
  /** Calls back now, and on each change until the signal ends it. */
  follow(onChange: (uploads: readonly ImageUpload[]) => void, signal: AbortSignal): void
  /** Forgets those that came to an end. */
  clear(): void
}

interface Running {
  file: File
  adding: Adding
  upload: { -readonly [Key in keyof ImageUpload]: ImageUpload[Key] }
  ending: AbortController
}

/** Opens the queue for as long as somebody is signed in: one file after the other. */
export function openImageUploads(api: Api, signal: AbortSignal): ImageUploads {
  let running: Running[] = []
  let isBusy = false
  const followers = new Set<(uploads: readonly ImageUpload[]) => void>()
  const tell = () => {
    for (const follower of followers) follower(running.map(({ upload }) => upload))
  }
  const waiting = () => running.find(({ upload }) => upload.state === 'waiting')
  async function work(): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (let next = waiting(); next && !signal.aborted; next = waiting()) await send(next)
    isBusy = false
  }
  async function send(one: Running): Promise<void> {
    const { upload, ending } = one
    upload.state = 'sending'
    tell()
    try {
      const { file, adding } = one
      const onProgress = (sent: number) => {
        upload.sent = sent
        tell()
      }
      await uploadImages(api, { name: file.name, bytes: file, adding }, { signal: ending.signal, onProgress })
      upload.state = 'done'
    } catch (failure) {
      upload.state = ending.signal.aborted ? 'ended' : 'failed'
      upload.reason = sentenceOf(failure)
    }
    // What is added is told of by the platform from here on.
    running = running.filter((other) => other !== one || upload.state !== 'done')
    tell()
  }
  signal.addEventListener('abort', () => {
    for (const { ending } of running) ending.abort()
  })
  window.addEventListener('beforeunload', (event) => isBusy && !signal.aborted && event.preventDefault(), { signal })
  return {
    add(file, adding) {
      running = [...running, begun(file, adding, tell)]
      tell()
      void work()
    },
    follow(onChange, until) {
      followers.add(onChange)
      until.addEventListener('abort', () => followers.delete(onChange))
      onChange(running.map(({ upload }) => upload))
    },
    clear() {
      running = running.filter(({ upload }) => upload.state === 'waiting' || upload.state === 'sending')
      tell()
    },
  }
}

function begun(file: File, adding: Adding, tell: () => void): Running {
  const ending = new AbortController()
  const upload: Running['upload'] = {
    ...{ name: file.name, size: file.size, state: 'waiting', sent: 0, reason: '' },
    cancel() {
      ending.abort()
      if (upload.state === 'waiting') upload.state = 'ended'
      tell()
    },
  }
  return { file, adding, upload, ending }
}
