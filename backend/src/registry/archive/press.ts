import { constants, crc32, createDeflateRaw } from 'node:zlib'

/** Compresses one block after another, each as a gzip member (RFC 1952 §2.3). */
export interface Press {
  /** None of these blocks is longer than the first. The block is free again when it resolves; what it gives is good until the next. */
  member(block: Buffer): Promise<Buffer[]>
  close(): void
}

const header = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
const pieceBytes = 512 * 1024
/** "a 16-bit LEN" (RFC 1951 §3.2.4). */
const mostStored = 0xffff

/**
 * Makes one. It is used over and over: to begin anew for each block would leave mebibytes of garbage. The lightest level: registries are near, and processors
 * what there is least of.
 */
export function createPress(): Press {
  const deflate = createDeflateRaw({ level: 1, memLevel: 9, chunkSize: pieceBytes, flush: constants.Z_FINISH })
  let room = Buffer.alloc(0)
  let pieces: Buffer[] = []
  deflate.on('data', (piece: Buffer) => pieces.push(piece))
  async function deflated(block: Buffer): Promise<Buffer[]> {
    pieces = []
    deflate.reset()
    await new Promise((resolve) => deflate.write(block, resolve))
    return pieces
  }
  return {
    async member(block) {
      const isStored = isDense(block)
      if (isStored && room.length === 0) room = Buffer.allocUnsafeSlow(roomFor(block.length))
      const body = isStored ? [stored(block, room)] : await deflated(block)
      const trailer = Buffer.alloc(8)
      trailer.writeUInt32LE(crc32(block), 0)
      trailer.writeUInt32LE(block.length, 4)
      return [header, ...body, trailer]
    },
    close: () => deflate.close(),
  }
}

const samples = 64
const sampleBytes = 128
/** Of eight bits in a byte: what is compressed or encrypted has nearly all of them, programs and numbers have not. */
const denseBits = 7.9

/** Whether compressing would be for nothing, as of images, models and packages. */
function isDense(block: Buffer): boolean {
  const counts = Array.from({ length: 256 }, () => 0)
  const step = Math.floor(block.length / samples)
  if (step < sampleBytes) return false
  for (let sample = 0; sample < samples; sample++)
    for (const byte of block.subarray(sample * step, sample * step + sampleBytes)) counts[byte] = (counts[byte] ?? 0) + 1
  const total = samples * sampleBytes
  const bits = counts.reduce((sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)), 0)
  return bits > denseBits
}

function roomFor(length: number): number {
  return length + 5 * Math.ceil(length / mostStored)
}

/** Blocks that are stored as they are (RFC 1951 §3.2.4). */
function stored(block: Buffer, room: Buffer): Buffer {
  let to = 0
  for (let from = 0; from < block.length; from += mostStored) {
    const length = Math.min(mostStored, block.length - from)
    room[to] = from + length === block.length ? 1 : 0
    room.writeUInt16LE(length, to + 1)
    room.writeUInt16LE(~length & mostStored, to + 3)
    block.copy(room, to + 5, from, from + length)
    to += 5 + length
  }
  return room.subarray(0, to)
}
