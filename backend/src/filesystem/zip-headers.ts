/** An entry of a zip archive; sizes and checksum are sure when its last byte is written. */
export interface ZipEntry {
  name: Buffer
  /** Type and permissions, as stat(2) has them. */
  mode: number
  isDeflated: boolean
  modified: Date
  /** Bytes that it should have, which decide how much room its sizes get. */
  expectedSize: number
  /** Where its header begins. */
  offset: number
  crc: number
  size: number
  packedSize: number
}

/** "version needed to extract: 4.5 - File uses ZIP64 format extensions". */
const version = 45
const madeByUnix = (3 << 8) | version
/** Bit 3: sizes follow the data; bit 11: names are UTF-8. */
const flags = 0x0808
const [max16, max32] = [0xffff, 0xffffffff]
/** A file that is stored by deflate may grow by a few bytes in 16 KiB. */
const mostPlain = 0xf0000000

/** APPNOTE 4.3.7. */
export function localHeader(entry: ZipEntry): Buffer {
  const extra = isLarge(entry) ? zip64([0, 0]) : Buffer.alloc(0)
  const fixed = Buffer.alloc(30)
  fixed.writeUInt32LE(0x04034b50, 0)
  fixed.writeUInt16LE(version, 4)
  common(entry, fixed, 6)
  const unknown = isLarge(entry) ? max32 : 0
  fixed.writeUInt32LE(unknown, 18)
  fixed.writeUInt32LE(unknown, 22)
  fixed.writeUInt16LE(entry.name.length, 26)
  fixed.writeUInt16LE(extra.length, 28)
  return Buffer.concat([fixed, entry.name, extra])
}

/** APPNOTE 4.3.9: "When using ZIP64 the sizes are 8 bytes each". */
export function dataDescriptor(entry: ZipEntry): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x08074b50, 0)
  head.writeUInt32LE(entry.crc, 4)
  const sizes = Buffer.alloc(isLarge(entry) ? 16 : 8)
  if (isLarge(entry)) {
    sizes.writeBigUInt64LE(BigInt(entry.packedSize), 0)
    sizes.writeBigUInt64LE(BigInt(entry.size), 8)
  } else {
    sizes.writeUInt32LE(entry.packedSize, 0)
    sizes.writeUInt32LE(entry.size, 4)
  }
  return Buffer.concat([head, sizes])
}

const blockBytes = 64 * 1024

/** The headers at the end, kept as the bytes that they will be: an archive may have a million entries. */
export class CentralDirectory {
  readonly #blocks: Buffer[] = []
  #headers: Buffer[] = []
  #headerBytes = 0
  #count = 0

  add(entry: ZipEntry): void {
    const header = centralHeader(entry)
    this.#headers.push(header)
    this.#headerBytes += header.length
    this.#count++
    if (this.#headerBytes >= blockBytes) this.#pack()
  }

  /** All of it, and where it begins. */
  *bytes(offset: number): Generator<Buffer, void> {
    this.#pack()
    yield* this.#blocks
    const size = this.#blocks.reduce((sum, block) => sum + block.length, 0)
    const isOver = this.#count >= max16 || size >= max32 || offset >= max32
    if (isOver) yield zip64End({ count: this.#count, size, offset })
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(Math.min(this.#count, max16), 8)
    end.writeUInt16LE(Math.min(this.#count, max16), 10)
    end.writeUInt32LE(Math.min(size, max32), 12)
    end.writeUInt32LE(Math.min(offset, max32), 16)
    yield end
  }

  #pack(): void {
    this.#blocks.push(Buffer.concat(this.#headers))
    this.#headers = []
    this.#headerBytes = 0
  }
}

/** APPNOTE 4.3.12. */
function centralHeader(entry: ZipEntry): Buffer {
  const sizes = [entry.size, entry.packedSize]
  const isOver = isLarge(entry) || entry.offset >= max32
  const extra = isOver ? zip64([...sizes, entry.offset]) : Buffer.alloc(0)
  const fixed = Buffer.alloc(46)
  fixed.writeUInt32LE(0x02014b50, 0)
  fixed.writeUInt16LE(madeByUnix, 4)
  fixed.writeUInt16LE(version, 6)
  common(entry, fixed, 8)
  fixed.writeUInt32LE(entry.crc, 16)
  fixed.writeUInt32LE(isOver ? max32 : entry.packedSize, 20)
  fixed.writeUInt32LE(isOver ? max32 : entry.size, 24)
  fixed.writeUInt16LE(entry.name.length, 28)
  fixed.writeUInt16LE(extra.length, 30)
  fixed.writeUInt32LE(((entry.mode << 16) | (entry.name.at(-1) === 0x2f ? 0x10 : 0)) >>> 0, 38)
  fixed.writeUInt32LE(isOver ? max32 : entry.offset, 42)
  return Buffer.concat([fixed, entry.name, extra])
}

/** Flags, method and time, which both headers of an entry have. */
function common({ isDeflated, modified }: ZipEntry, header: Buffer, at: number): void {
  header.writeUInt16LE(flags, at)
  header.writeUInt16LE(isDeflated ? 8 : 0, at + 2)
  // Years from 1980 to 2107, in steps of two seconds, in no zone that is told: UTC here.
  const year = Math.min(127, Math.max(0, modified.getUTCFullYear() - 1980))
  const [hours, minutes, seconds] = [modified.getUTCHours(), modified.getUTCMinutes(), modified.getUTCSeconds()]
  header.writeUInt16LE((hours << 11) | (minutes << 5) | (seconds >> 1), at + 4)
  header.writeUInt16LE((year << 9) | ((modified.getUTCMonth() + 1) << 5) | modified.getUTCDate(), at + 6)
}

/** APPNOTE 4.5.3, the extended information of ZIP64. */
function zip64(numbers: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(8 * numbers.length, 2)
  for (const [i, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * i)
  return extra
}

/** APPNOTE 4.3.14 and 4.3.15: the end of the directory, and where that is. */
function zip64End({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const end = Buffer.alloc(56 + 20)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(madeByUnix, 12)
  end.writeUInt16LE(version, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(size), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(offset + size), 64)
  end.writeUInt32LE(1, 72)
  return end
}

function isLarge({ expectedSize }: ZipEntry): boolean {
  return expectedSize >= mostPlain
}
