import type { Contents } from '@jupyterlab/services'

/** Files that come in pieces, as JupyterLab's own uploads send them. */
export interface Chunks {
  /** The bytes of a save: at once, or with the last piece. */
  whole(path: string, model: Partial<Contents.IModel>, bytesOf: BytesOf): Uint8Array<ArrayBuffer> | 'unfinished'
}

type BytesOf = (model: Partial<Contents.IModel>, content: unknown) => Uint8Array<ArrayBuffer>

/** Collects pieces: number 1 begins a file, -1 ends it. */
export function createChunks(): Chunks {
  const begun = new Map<string, Uint8Array<ArrayBuffer>[]>()
  return {
    whole(path, model, bytesOf) {
      const bytes = bytesOf(model, model.content)
      const { chunk } = model
      if (chunk === undefined) return bytes
      const parts = chunk === 1 ? [] : (begun.get(path) ?? [])
      parts.push(bytes)
      begun.set(path, parts)
      if (chunk !== -1) return 'unfinished'
      begun.delete(path)
      return joined(parts)
    },
  }
}

function joined(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
