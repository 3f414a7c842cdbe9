import type { FilePath } from '@karvdash/common'

/** Looks at what is said to have changed. */
export interface NewsPorts {
  /** Lists a folder again. */
  list(path: FilePath): Promise<void>
  /** Looks at one entry of it. */
  look(folder: FilePath, name: string): Promise<void>
}

/** What changed in a folder: these names, or anything. */
type Heard = Set<string> | 'anything'

/** So many names are cheaper to list than to ask for. */
const mostNames = 8

/** Takes what is told of folders; while one is looked at, what comes is gathered, so that a job that writes a thousand files costs little. */
export function createNews(ports: NewsPorts): (path: FilePath, names?: readonly string[]) => void {
  const heard = new Map<FilePath, Heard>()
  const busy = new Set<FilePath>()

  async function catchUp(path: FilePath): Promise<void> {
    busy.add(path)
    for (let news = heard.get(path); news !== undefined; news = heard.get(path)) {
      heard.delete(path)
      // What cannot be looked at now is asked for when somebody needs it.
      if (news === 'anything') await ports.list(path).catch(() => undefined)
      else for (const name of news) await ports.look(path, name).catch(() => undefined)
    }
    busy.delete(path)
  }
  return (path, names) => {
    heard.set(path, both(heard.get(path), names))
    if (!busy.has(path)) void catchUp(path)
  }
}

function both(known: Heard = new Set(), names: readonly string[] | undefined): Heard {
  if (known === 'anything' || names === undefined) return 'anything'
  const all = new Set([...known, ...names])
  return all.size > mostNames ? 'anything' : all
}
