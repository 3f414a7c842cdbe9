import { type DomainName, FilePath } from '@karvdash/common'
import type { Api } from '../api.ts'
import { sentenceOf } from '../problems.ts'
import { type Running, transfer, type Upload } from './transfer.ts'

/** A folder that files go into. */
export interface Target {
  domain: DomainName
  folder: FilePath
}

/** Files on their way: they go on while people look at other screens. */
export interface Uploads {
  add(files: readonly File[], into: Target): void
  /** Calls back now, and on each change until the signal ends it. */
  follow(onChange: (uploads: readonly Upload[]) => void, signal: AbortSignal): void
  /** Forgets those that came to an end. */
  clear(): void
}

/** Opens the queue of uploads for as long as somebody is signed in: one file after the other. */
export function openUploads(api: Api, signal: AbortSignal): Uploads {
  let running: Running[] = []
  let isBusy = false
  const followers = new Set<(uploads: readonly Upload[]) => void>()
  function tell(): void {
    for (const follower of followers) follower(running.map(({ upload }) => upload))
  }
  async function work(): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (let next = waiting(); next && !signal.aborted; next = waiting()) await send(next)
    isBusy = false
  }
  const waiting = () => running.find(({ upload }) => upload.state === 'waiting')
  async function send(one: Running): Promise<void> {
    const { upload, ending } = one
    Object.assign(upload, { state: 'sending', sent: undefined })
    tell()
    try {
      upload.state = (await transfer(api, one, tell)) ? 'done' : 'ended'
    } catch (failure) {
      upload.state = ending.signal.aborted ? 'ended' : 'failed'
      upload.reason = sentenceOf(failure)
    }
    tell()
  }
  signal.addEventListener('abort', () => {
    for (const { ending } of running) ending.abort()
  })
  window.addEventListener('beforeunload', (event) => isBusy && !signal.aborted && event.preventDefault(), { signal })
  return {
    add(files, target) {
      const isOfBatch = (one: Running) => one.batch === batch && one.upload.state === 'waiting'
      const batch: Running['batch'] = { isLast: () => !running.some(isOfBatch) }
      running = [...running, ...files.map((file) => begun(file, target, { batch, tell }))]
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

interface Beginning {
  batch: Running['batch']
  tell: () => void
}

function begun(file: File, { domain, folder }: Target, { batch, tell }: Beginning): Running {
  const ending = new AbortController()
  const parsed = FilePath.safeParse(folder === '' ? file.name : `${folder}/${file.name}`)
  const upload: Running['upload'] = {
    ...{ domain, path: parsed.data, name: file.name, size: file.size, sent: undefined },
    state: parsed.success ? 'waiting' : 'failed',
    reason: parsed.error?.issues[0]?.message ?? '',
    cancel() {
      ending.abort()
      if (upload.state === 'waiting') upload.state = 'ended'
      tell()
    },
  }
  return { file, upload, ending, batch }
}
