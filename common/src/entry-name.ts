/*
 * Linux names are bytes; most are UTF-8, and some are not. A byte that is no part of UTF-8 is written as one character of
 * the private-use range U+EF80-U+EFFF: U+EF00 plus the byte. A character of that very range, which a name may hold as well,
 * is written byte by byte in the same way, so every name has one writing, and every writing names one file. Only bytes
 * from 0x80 on are written so: no `/`, `.` or NUL can hide behind it.
 */
const rawBase = 0xef00
const first = 0x80
const rawRange = /[\uef80-\uefff]/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Whether a name, as the API writes it, stands for bytes that are not UTF-8. */
export function isRawName(name: string): boolean {
  return rawRange.test(name)
}

/**
 * The bytes of a name that the API wrote.
 * @example
 * nameBytes('caf\uefe9.txt') // 63 61 66 e9 2e 74 78 74, as Latin-1 has it
 */
export function nameBytes(name: string): Uint8Array {
  if (!isRawName(name)) return encoder.encode(name)
  return Uint8Array.from(
    [...name].flatMap((char) => (rawRange.test(char) ? [char.charCodeAt(0) & 0xff] : [...encoder.encode(char)])),
  )
}

/** A name as the API writes it: the text that its bytes are in UTF-8, with each byte that is not UTF-8 as one private-use character. */
export function nameOfBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes)
  if (whole !== undefined) return whole
  const chars: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    const char = decoded(bytes.subarray(at, at + length))
    const raw = String.fromCharCode(rawBase + (bytes[at] ?? first))
    chars.push(char ?? raw)
    at += char === undefined ? 1 : length
  }
  return chars.join('')
}

/** Length of a UTF-8 sequence by its first byte (RFC 3629 §3). */
function sequenceLength(byte: number): number {
  if (byte < first) return 1
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes)
    return rawRange.test(text) ? undefined : text
  } catch {
    return undefined
  }
}
