import type { UploadSource } from '@karvdash/common'
import type { Uri } from 'vscode'

/** What a file of a disk is, for as long as it is open. */
export interface OpenFile {
  source: UploadSource
  close(): Promise<void>
}

/** The files of the machine that the extension runs on; where that is a browser, what VS Code lends it. */
export interface Disk {
  /** Where people begin to look. */
  home: Uri
  /** The most bytes that can be saved there; undefined: as many as fit. */
  mostBytes(file: Uri): number | undefined
  /** @throws Problem where it is no file. */
  open(file: Uri): Promise<OpenFile>
  /** Saves all of it or nothing. */
  save(file: Uri, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
}
