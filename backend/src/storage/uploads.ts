import { timingSafeEqual } from 'node:crypto'
import { DomainName, FilePath, nameBytes, nameOfBytes, Problem, partPrefix } from '@karvdash/common'
import * as z from 'zod'
import type { Conditions } from '../filesystem/conditions.ts'
import type { Bytes, Progress, Resumable } from '../filesystem/resumable.ts'
import type { Signer } from '../users/signer.ts'
import type { Storage } from './storage.ts'

/** Uploads that go on over many requests, on whichever replica. What is to be remembered of one is in its signed name: nothing is kept here. */
export interface Uploads {
  /** @throws Problem 507, 413, 412, and what the file system refuses. */
  begin(user: string, upload: NewUpload): Promise<{ id: string; progress: Progress }>
  /** @throws Problem 404 for a name that we did not give to this user, for this domain; 410. */
  progress(user: string, named: NamedUpload): Promise<Progress & { size: number }>
  /** Adds bytes; whoever still sends the same upload is ended first. `end` breaks this request off. @throws Problem 409, 460, 507. */
  append(user: string, named: NamedUpload, bytes: Bytes & { end: () => void }): Promise<Progress & { path: FilePath }>
  abandon(user: string, named: NamedUpload): Promise<void>
}

/** What an upload begins with. */
export interface NewUpload {
  domain: DomainName
  path: FilePath
  size: number
  conditions: Conditions
}

/** An upload by its name, as it is shown to us. */
export interface NamedUpload {
  domain: DomainName
  upload: string
}

export interface UploadsPorts {
  storage: Pick<Storage, 'open'>
  signer: Pick<Signer, 'mac'>
}

/** Uploads to what `storage` opens. */
export function createUploads({ storage, signer }: UploadsPorts): Uploads {
  const alone = createTurns()
  async function opened(user: string, { domain, upload }: NamedUpload) {
    const resumable = readName(signer, upload, { user, domain })
    return { resumable, root: await storage.open(user, domain) }
  }
  return {
    async begin(user, { domain, path, size, conditions }) {
      insistOnBrevity(conditions)
      const root = await storage.open(user, domain)
      const { part, file, ...progress } = await root.beginUpload(path, { size, conditions })
      return { id: nameOf(signer, { user, domain }, { path, size, conditions, part, file }), progress }
    },
    async progress(user, named) {
      const { resumable, root } = await opened(user, named)
      const stand = await alone(resumable.part, done, () => root.uploadProgress(resumable))
      return { ...stand, size: resumable.size }
    },
    async append(user, named, { end, ...bytes }) {
      const { resumable, root } = await opened(user, named)
      const stand = await alone(resumable.part, end, () => root.appendToUpload(resumable, bytes))
      return { ...stand, path: resumable.path }
    },
    async abandon(user, named) {
      const { resumable, root } = await opened(user, named)
      await alone(resumable.part, done, () => root.abandonUpload(resumable))
    },
  }
}

const done = () => undefined

/** Lets one request at a time work on a thing: who comes ends who is there, whose connection may be one that nobody holds any more. */
function createTurns() {
  const working = new Map<string, { end: () => void; ended: Promise<unknown> }>()
  return async function alone<T>(key: string, end: () => void, work: () => Promise<T>): Promise<T> {
    for (let other = working.get(key); other; other = working.get(key)) {
      other.end()
      await other.ended
    }
    const result = work()
    const turn = { end, ended: result.then(done, done).then(() => working.delete(key)) }
    working.set(key, turn)
    return result
  }
}

interface Owner {
  user: string
  domain: DomainName
}

const etags = z.union([z.literal('*'), z.array(z.string())]).nullable()
const Told = z.tuple([
  z.string(),
  DomainName,
  z.string().regex(/^[0-9a-f]{24}$/),
  z.string(),
  z.int().nonnegative(),
  etags,
  etags,
])
const mostConditionBytes = 1024

/** Names stay short enough for every proxy: a path of 4,096 bytes makes one of 6 KiB. */
function insistOnBrevity(conditions: Conditions): void {
  if (JSON.stringify(conditions).length <= mostConditionBytes) return
  throw new Problem(400, 'Too many etags', {
    detail: `If-Match and If-None-Match take at most ${mostConditionBytes} bytes here.`,
  })
}

function nameOf({ mac }: UploadsPorts['signer'], { user, domain }: Owner, upload: Resumable): string {
  const { part, file, size, path, conditions } = upload
  const told: z.input<typeof Told> = [
    user,
    domain,
    part.slice(partPrefix.length),
    file,
    size,
    conditions.ifMatch ?? null,
    conditions.ifNoneMatch ?? null,
  ]
  const text = [JSON.stringify(told), nameBytes(path)].map((piece) => Buffer.from(piece).toString('base64url')).join('.')
  return `${text}.${mac('upload', text).toString('base64url')}`
}

function readName({ mac }: UploadsPorts['signer'], name: string, { user, domain }: Owner): Resumable {
  const [told = '', path = '', signature = ''] = name.split('.')
  const [given, expected] = [Buffer.from(signature, 'base64url'), mac('upload', `${told}.${path}`)]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknown()
  const [owner, place, part, file, size, ifMatch, ifNoneMatch] = Told.parse(JSON.parse(Buffer.from(told, 'base64url').toString()))
  if (owner !== user || place !== domain) throw unknown()
  const conditions = { ifMatch: ifMatch ?? undefined, ifNoneMatch: ifNoneMatch ?? undefined }
  const target = FilePath.parse(nameOfBytes(Buffer.from(path, 'base64url')))
  return { path: target, part: partPrefix + part, file, size, conditions }
}

function unknown(): Problem {
  return new Problem(404, 'Not found', { detail: 'You have no such upload in this domain. Begin it again.' })
}
