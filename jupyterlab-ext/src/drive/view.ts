/** What is shown of a folder. */
export interface View {
  path: string
  /** So many entries at most. */
  most: number
  /** A part of the names, or a pattern of them; only of a folder of which not all can be shown. */
  filter: string
  /** Whether names that begin with a dot are shown. */
  hidden: boolean
  sort: 'name' | 'size' | 'modified'
  direction: 'ascending' | 'descending'
}

/** JupyterLab draws every row at once, so folders are shown in pages of so many rows. */
export const pageRows = 1000
/** What draws more than these takes seconds for each click. */
export const mostRows = 5000

/** How a folder is shown at first. */
export function firstView(path: string): View {
  return { path, most: pageRows, filter: '', hidden: true, sort: 'name', direction: 'ascending' }
}

/** What to tell of a folder of which not all is shown. */
export function partialText({ most, filter }: View): string {
  const shown = `Only the first ${most.toLocaleString('en')} entries`
  const which = filter === '' ? 'of this folder are shown.' : 'that match are shown.'
  return most < mostRows ? `${shown} ${which}` : `${shown} ${which} Filter to find the others.`
}
