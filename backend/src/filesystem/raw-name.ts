import { nameOfBytes } from '@karvdash/common'

/**
 * A name that was read as Latin-1, where each byte is one character: nothing is lost, names in ASCII, most of all, are right as they are, and a
 * string takes a tenth of the room of a Buffer.
 */
export function nameOfRaw(raw: string): string {
  return isAscii(raw) ? raw : nameOfBytes(Buffer.from(raw, 'latin1'))
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names may hold them
  return /^[\x00-\x7f]*$/.test(text)
}
