import type { Backend } from '../support/backend.ts'
import type { Figure } from './figure.ts'
import type { Ground } from './ground.ts'
import { manyFigures } from './many-entries.ts'
import { moveFigures } from './move.ts'
import { openShelves } from './shelf.ts'
import { transferFigures } from './transfers.ts'

/** Bytes in and out, long folders, many small files, and a move to another file system, against what serves files elsewhere. */
export async function storageFigures(ground: Ground, backend: Backend): Promise<Figure[]> {
  const shelves = await openShelves(ground, backend)
  try {
    return [...(await transferFigures(shelves)), ...(await moveFigures(shelves)), ...(await manyFigures(shelves))]
  } finally {
    await shelves.close()
  }
}
