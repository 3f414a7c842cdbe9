import { fstatSync } from 'node:fs'
import { type Held, holdFolder } from './held.ts'

/** As many steps as a path can have, and then some: who moves folders under us makes nobody climb for ever. */
const mostSteps = 4096

/** What a held folder, and each folder above it up to a root, is known by. */
export function ancestry(folder: Held, root: Held): Set<string> {
  const found = new Set<string>()
  const top = identityOf(root.fd)
  let here = holdFolder(folder.fd, '.')
  try {
    for (let steps = 0; steps < mostSteps; steps++) {
      const identity = identityOf(here.fd)
      if (found.has(identity)) break
      found.add(identity)
      if (identity === top) break
      const above = holdFolder(here.fd, '..')
      here[Symbol.dispose]()
      here = above
    }
  } finally {
    here[Symbol.dispose]()
  }
  return found
}

function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return `${dev}:${ino}`
}
