import { type DomainName, type FilePath, Problem, uploadFile } from '@karvdash/common'
import type { Api } from '../api.ts'
import { askAboutConflict, type Choice } from './conflict.ts'
import { freeName } from './free-name.ts'

/** A file on its way into a folder. */
export interface Upload {
  readonly domain: DomainName
  /** Where it goes; undefined where its name cannot be one here. */
  readonly path: FilePath | undefined
  readonly name: string
  readonly size: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed' | 'ended'
  /** Bytes that are there; undefined where nobody knows. */
  readonly sent: number | undefined
  /** What went wrong. */
  readonly reason: string
  cancel(): void
}

/** The same, with all that it takes to send it. */
export interface Running {
  file: File
  upload: { -readonly [Key in keyof Upload]: Upload[Key] }
  ending: AbortController
  /** The files that were chosen together. */
  batch: { forAll?: Choice; isLast: () => boolean }
}

/** Sends a file; where its name is taken, people say what is to become of it. False where they leave it. */
export async function transfer(api: Api, one: Running, tell: () => void): Promise<boolean> {
  const { file, upload, ending } = one
  const { domain, path: first } = upload
  const onProgress = (sent: number) => {
    upload.sent = sent
    tell()
  }
  const options = { domain, signal: ending.signal, onProgress }
  let choice: Choice | undefined
  for (let number = 2; upload.path !== undefined && first !== undefined; number++) {
    const taken = await uploadFile(api, file, { ...options, path: upload.path, ifNoneMatch: '*' }).then(
      () => undefined,
      etagInTheWay,
    )
    if (taken === undefined) return true
    choice ??= await chosen(one)
    if (choice === 'skip') return false
    if (choice === 'both') upload.path = freeName(first, number)
    else return uploadFile(api, file, { ...options, path: upload.path, ifMatch: taken }).then(() => true)
  }
  return false
}

/** The etag of the file that has the name already. @throws whatever else the failure was. */
function etagInTheWay(failure: unknown): string {
  const etag = failure instanceof Problem && failure.status === 412 ? failure.extra['etag'] : undefined
  if (typeof etag !== 'string') throw failure
  return etag
}

async function chosen({ upload, batch }: Running): Promise<Choice> {
  if (batch.forAll) return batch.forAll
  const { choice, forAll } = await askAboutConflict(upload.name, { isAlone: batch.isLast() })
  if (forAll) batch.forAll = choice
  return choice
}
