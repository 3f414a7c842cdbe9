import { showErrorMessage } from '@jupyterlab/apputils'
import type { Contents } from '@jupyterlab/services'
import { DomainName } from '@karvdash/common'
import { cleaned } from '../drive/paths.ts'
import { sentenceOf } from '../jupyter.ts'
import type { Kind, Place, Transfers } from '../transfers/transfers.ts'
import type { Uploads } from '../transfers/uploads.ts'
import { type Dropped, filesIn } from './dropped.ts'
import type { DomainBrowserModel } from './model.ts'

/** What the file browsers of all domains do together. */
export interface ActionPorts {
  contents: Contents.IManager
  transfers: Transfers
  uploads: Uploads
  drives: Map<DomainName, { provideFolder(path: string): Promise<void> }>
  /** Where a browser downloads these entries of a domain from, packed into one. */
  archiveUrl: (domain: DomainName, paths: string[]) => string
}

/** As many of the files that were dropped wait in line at a time. */
const mostWaiting = 8

/** As many entries go into one archive, as long as their names fit into an address. */
const mostPacked = 100
const mostUrlLetters = 8000

/** What people do with entries, whichever domain they are in. Paths have a drive's name before them. */
export class Actions {
  readonly #ports: ActionPorts
  #kept: { kind: Kind; paths: string[] } | undefined

  constructor(ports: ActionPorts) {
    this.#ports = ports
  }

  /** Keeps what was cut or copied in one file browser for all of them. */
  keep(kind: Kind, paths: string[]): void {
    this.#kept = { kind, paths }
  }

  async paste({ path }: { path: string }): Promise<void> {
    const kept = this.#kept
    if (!kept) return
    if (kept.kind === 'move') this.#kept = undefined
    await this.put(kept.kind, kept.paths, path)
  }

  async put(kind: Kind, paths: string[], folder: string): Promise<void> {
    const to = this.#placeOf(folder)
    const entries = paths.map((path) => this.#placeOf(path))
    if (to && entries.every((entry) => entry !== undefined)) return this.#ports.transfers.put(kind, entries, to)
    await showErrorMessage(
      'This leads out of the cluster',
      'Between the folders of the cluster and those of JupyterLab itself, files go by download and upload.',
    )
  }

  /** Downloads entries as one archive. */
  archive(paths: string[]): void {
    const places = paths.flatMap((path) => this.#placeOf(path) ?? [])
    const [first] = places
    if (!first) return
    const url = this.#ports.archiveUrl(
      first.domain,
      places.map(({ path }) => path),
    )
    if (places.length > mostPacked || url.length > mostUrlLetters) {
      void showErrorMessage('These are too many at once', 'Download the folder that they are in, or fewer entries.')
      return
    }
    const link = document.createElement('a')
    link.href = url
    link.download = ''
    link.click()
  }

  async uploadFiles(model: DomainBrowserModel, files: File[]): Promise<void> {
    const { folder } = model
    await Promise.allSettled(files.map((file) => model.send(file, folder)))
  }

  /** Uploads files and folders that were dropped. */
  async uploadEntries(model: DomainBrowserModel, entries: Dropped[], folder: string | undefined): Promise<void> {
    const to = this.#placeOf(folder ?? model.path)
    const drive = to && this.#ports.drives.get(to.domain)
    if (!drive) return
    try {
      await this.#ports.uploads.together(entries[0]?.name ?? '', async (signal) => {
        const sending = new Set<Promise<unknown>>()
        for await (const one of filesIn(entries, to.path, drive)) {
          if (signal.aborted) break
          const sent = model.send(one.file, one.folder).catch(() => undefined)
          sending.add(sent)
          void sent.finally(() => sending.delete(sent))
          if (sending.size >= mostWaiting) await Promise.race(sending)
        }
      })
    } catch (failure) {
      await showErrorMessage('Not everything was uploaded', sentenceOf(failure))
    }
  }

  #placeOf(path: string): Place | undefined {
    const domain = DomainName.safeParse(this.#ports.contents.driveName(path))
    return domain.success ? { domain: domain.data, path: cleaned(this.#ports.contents.localPath(path)) } : undefined
  }
}
