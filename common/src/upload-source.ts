/** Bytes to upload, piece by piece; a Blob or File is one, and so is what reads a file from a disk. */
export interface UploadSource {
  /** All of its bytes. */
  size: number
  /** Those from `start` on, before `end`. What was asked for before may be asked for again, from some byte of the last piece on. */
  slice(start: number, end: number): Piece | Promise<Piece>
}

/** Some bytes. */
export type Piece = Blob | Uint8Array<ArrayBuffer>

/** Bytes that come one after the other, and how many there will be. */
export interface SizedStream {
  size: number
  stream: AsyncIterable<Uint8Array>
}

/** The source that something is. Of a stream no more than the last piece is kept. */
export function uploadSource(bytes: UploadSource | SizedStream | Uint8Array<ArrayBuffer>): UploadSource {
  if (bytes instanceof Uint8Array) return { size: bytes.byteLength, slice: (start, end) => bytes.subarray(start, end) }
  return 'stream' in bytes && typeof bytes.stream !== 'function' ? streamed(bytes) : (bytes as UploadSource)
}

function streamed({ size, stream }: SizedStream): UploadSource {
  const iterator = stream[Symbol.asyncIterator]()
  let kept = { from: 0, bytes: new Uint8Array(0) }
  return {
    size,
    async slice(start, end) {
      if (start < kept.from) throw new Error('A stream does not go back.')
      const pieces: Uint8Array[] = [kept.bytes]
      let reached = kept.from + kept.bytes.length
      while (reached < end) {
        const { value, done } = await iterator.next()
        if (done) throw new Error(`The source ended after ${reached} of ${size} bytes.`)
        reached += value.length
        // What the server has already is passed over.
        if (reached > start) pieces.push(value)
      }
      kept = { from: start, bytes: joined(pieces, reached, start) }
      return kept.bytes.subarray(0, end - start)
    },
  }
}

/** The bytes from `start` on of pieces that end at `reached`. */
function joined(pieces: Uint8Array[], reached: number, start: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(reached - start)
  let at = bytes.length
  for (const piece of pieces.reverse()) {
    at -= piece.length
    bytes.set(at < 0 ? piece.subarray(Math.min(-at, piece.length)) : piece, Math.max(at, 0))
    if (at <= 0) break
  }
  return bytes
}
