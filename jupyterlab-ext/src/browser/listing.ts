import { DirListing } from '@jupyterlab/filebrowser'
import type { Drag } from '@lumino/dragdrop'
import type { Kind } from '../transfers/transfers.ts'
import { type Dropped, droppedEntries } from './dropped.ts'

/** What is done with what is dropped onto a list, or onto a folder in it. */
export interface Drops {
  /** Paths as JupyterLab writes them, with the name of a drive before them. */
  put: (kind: Kind, paths: string[], toFolder: string | undefined) => void
  upload: (entries: Dropped[], toFolder: string | undefined) => void
  sort: (state: DirListing.ISortState) => void
}

const pathsType = 'application/x-jupyter-icontents'
const targetClass = 'jp-mod-dropTarget'

/** JupyterLab's list, onto which entries of other domains can be dropped too; onto its empty part as well as onto a folder. */
export class DomainListing extends DirListing {
  drops: Drops | undefined

  override sort(state: DirListing.ISortState): void {
    this.drops?.sort(state)
    super.sort(state)
  }

  protected override evtNativeDrop(event: DragEvent): void {
    event.preventDefault()
    const entries = droppedEntries(event)
    if (entries.length > 0) this.drops?.upload(entries, this.#folderUnder(event))
  }

  protected override evtDragEnter(event: Drag.Event): void {
    if (event.mimeData.hasData(pathsType)) accept(event)
  }

  protected override evtDragOver(event: Drag.Event): void {
    accept(event)
    this.#unmark()
    event.dropAction = event.ctrlKey ? 'copy' : event.proposedAction
    if (this.#folderUnder(event) !== undefined) rowUnder(event)?.classList.add(targetClass)
  }

  protected override evtDrop(event: Drag.Event): void {
    accept(event)
    this.#unmark()
    if (event.proposedAction === 'none' || !event.mimeData.hasData(pathsType)) {
      event.dropAction = 'none'
      return
    }
    const kind: Kind = event.ctrlKey || event.proposedAction === 'copy' ? 'copy' : 'move'
    event.dropAction = kind
    this.drops?.put(kind, event.mimeData.getData(pathsType) as string[], this.#folderUnder(event))
  }

  #folderUnder(event: MouseEvent): string | undefined {
    const model = this.modelForClick(event)
    return model?.type === 'directory' && !this.selection[model.path] ? model.path : undefined
  }

  #unmark(): void {
    for (const row of this.node.querySelectorAll(`.${targetClass}`)) row.classList.remove(targetClass)
  }
}

function accept(event: Drag.Event): void {
  event.preventDefault()
  event.stopPropagation()
}

function rowUnder({ target }: Event): Element | null {
  return target instanceof Element ? target.closest('.jp-DirListing-item') : null
}
