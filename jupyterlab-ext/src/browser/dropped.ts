import type { DomainDrive } from '../drive/drive.ts'
import { inside } from '../drive/paths.ts'

/** A file, and the folder of the domain that it goes to. */
export interface DroppedFile {
  file: File
  folder: string
}

/** A file or folder that was dropped; of a file alone a browser may tell only what is in it. */
export type Dropped = FileSystemEntry | File

/** What is dropped; it has to be asked for while the event lasts. */
export function droppedEntries({ dataTransfer }: DragEvent): Dropped[] {
  return [...(dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? [])
}

/** All files in what was dropped, one after the other; folders are made on the way. */
export async function* filesIn(
  entries: Dropped[],
  folder: string,
  drive: Pick<DomainDrive, 'provideFolder'>,
): AsyncGenerator<DroppedFile> {
  for (const entry of entries) {
    if (entry instanceof File) {
      yield { file: entry, folder }
    } else if (isFile(entry)) {
      yield { file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), folder }
    } else if (isFolder(entry)) {
      const path = inside(folder, entry.name)
      await drive.provideFolder(path)
      yield* filesIn(await childrenOf(entry), path, drive)
    }
  }
}

/** Browsers give some at a time, until they give none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
