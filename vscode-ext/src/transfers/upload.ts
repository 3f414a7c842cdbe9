import { type Entry, nameOf, Problem } from '@karvdash/common'
import { FileType, Uri, window, workspace } from 'vscode'
import { isMissing } from '../files/fault.ts'
import type { Files } from '../files/provider.ts'
import { type Underway, underway } from '../progress.ts'
import { type Decision, decided } from './conflicts.ts'
import type { Disk } from './disk.ts'

type Place = Awaited<ReturnType<Files['place']>>

/** A file that shall come, and what is in its way. */
interface Coming {
  file: Uri
  place: Place
  known: Entry | undefined
  isTaken: boolean
}

export interface UploadPorts {
  files: Files
  disk: Disk
}

/** Asks for files, and sends them into a folder; the names that are taken are asked for before the first byte. */
export async function upload({ files, disk }: UploadPorts, folder: Uri): Promise<void> {
  const chosen = await window.showOpenDialog({
    title: `Upload to ${folder.path}`,
    openLabel: 'Upload',
    canSelectMany: true,
    defaultUri: disk.home,
  })
  if (!chosen) return
  const wanted = await decided(await Promise.all(chosen.map((file) => coming(files, file, folder))), askConflict)
  if (!wanted || wanted.length === 0) return
  await underway('Uploading', async (progress) => {
    for (const [index, one] of wanted.entries()) {
      const count = wanted.length === 1 ? '' : ` (${index + 1} of ${wanted.length})`
      progress.say(`${nameOf(one.place.path)}${count}`)
      await send(disk, one, shareOf(progress, index, wanted.length))
    }
  })
}

/** The folder that somebody means by an entry of the Explorer. */
export async function folderAt(uri: Uri): Promise<Uri> {
  const { type } = await workspace.fs.stat(uri)
  return type & FileType.Directory ? uri : Uri.joinPath(uri, '..')
}

async function coming(files: Files, file: Uri, folder: Uri): Promise<Coming> {
  const place = await files.place(Uri.joinPath(folder, file.path.slice(file.path.lastIndexOf('/') + 1)))
  const known = await place.tree.freshEntry(place.path).catch((failure: unknown) => {
    if (isMissing(failure)) return undefined
    throw failure
  })
  return { file, place, known, isTaken: known !== undefined }
}

async function askConflict({ place, known }: Coming, others: number): Promise<Decision | undefined> {
  const name = nameOf(place.path)
  if (known?.type === 'folder') throw new Problem(409, 'Not possible', { detail: `"${name}" is a folder there already.` })
  const labels = { Replace: 'replace', ...(others > 0 && { 'Replace All': 'replace all' }), Skip: 'skip' } as const
  const detail = 'What it holds there is lost.'
  const message = `"${name}" is there already. Replace it?`
  const pressed = await window.showWarningMessage(message, { modal: true, detail }, ...(Object.keys(labels) as 'Replace'[]))
  return pressed && labels[pressed]
}

async function send(disk: Disk, { file, place, known }: Coming, { signal, report }: Underway): Promise<void> {
  const { source, close } = await disk.open(file)
  try {
    const condition = known ? { ifMatch: known.etag } : { ifNoneMatch: '*' as const }
    const entry = await place.tree.during(place.path, () =>
      place.remote.send(place.path, source, { condition, signal, onProgress: report }),
    )
    place.arrived(entry)
  } finally {
    await close()
  }
}

/** Of several, each is a part of the whole. */
function shareOf(progress: Underway, index: number, count: number): Underway {
  const report: Underway['report'] = (done, total) =>
    progress.report(index + (total === undefined || total === 0 ? 0 : done / total), count)
  return { ...progress, report }
}
