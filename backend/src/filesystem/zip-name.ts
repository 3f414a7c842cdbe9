import { isRawName, nameBytes } from '@karvdash/common'

/** "Do not use the following reserved names for the name of a file" (Microsoft, Naming Files, Paths, and Namespaces); with an ending neither. */
const reserved = /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?=\.|$)/i
/** What Windows has in no name, and percent signs that would be read as one that was written here. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const refused = /[\x00-\x1f<>:"|?*\\]|%(?=[0-9a-f]{2})|[. ]$/gi

/**
 * A name in a zip archive, which every system can unpack: a character that Windows takes in no name, the first of a reserved name, a dot or
 * space at the end, and a byte that is not UTF-8 are written as `%` and two hexadecimal digits. No two names become one.
 * @example
 * zipName('a:b') // 'a%3Ab'
 */
export function zipName(name: string): string {
  // Before bytes are written so: what they are written as is not to be escaped.
  const text = name.replace(refused, (char) => percent(char.charCodeAt(0)))
  return (isRawName(text) ? withoutRawBytes(text) : text).replace(reserved, (word) => percent(word.charCodeAt(0)) + word.slice(1))
}

function withoutRawBytes(name: string): string {
  return [...name].map((char) => (isRawName(char) ? [...nameBytes(char)].map(percent).join('') : char)).join('')
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
