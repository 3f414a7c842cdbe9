import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '@karvdash/common'
import type { OpenFile } from '../../transfers/disk.ts'

/** A file, by its path. */
interface Named {
  fsPath: string
}

/** Opens a file to be read piece by piece. @throws Problem where it is no file, and from a piece where the file was changed meanwhile. */
export async function openFile({ fsPath }: Named): Promise<OpenFile> {
  const file = await open(fsPath, 'r')
  const name = basename(fsPath)
  const begun = await file.stat()
  if (!begun.isFile()) {
    await file.close()
    throw new Problem(409, 'Not possible', { detail: `"${name}" is not a file.` })
  }
  const slice = async (start: number, end: number) => {
    const bytes = await piece(file, start, end)
    const { size, mtimeMs } = await file.stat()
    if (size === begun.size && mtimeMs === begun.mtimeMs && bytes.length === end - start) return bytes
    throw new Problem(409, 'Not possible', { detail: `"${name}" was changed while it was sent. Try again.` })
  }
  return { source: { size: begun.size, slice }, close: () => file.close() }
}

/** Saves a file under its name when all of it is there. */
export async function saveFile({ fsPath }: Named, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const part = join(dirname(fsPath), `.karvdash-${randomUUID()}`)
  try {
    await pipeline(Readable.from(chunks), createWriteStream(part, { flags: 'wx' }), { signal })
    await rename(part, fsPath)
  } catch (failure) {
    await rm(part, { force: true })
    throw failure
  }
}

async function piece(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
    if (bytesRead === 0) return bytes.subarray(0, at)
    at += bytesRead
  }
  return bytes
}
