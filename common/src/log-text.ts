/** Sequences that colour a terminal or move its cursor (ECMA-48): a list of lines has no use for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about.
const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
/** Controls but the tab, line breaks of Unicode, and what turns the direction of writing or has no width. */
const misleading = /(?!\t)[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

/** A line that a program printed, as it can be read: without colours, and what could not be seen is written out. */
export function shownLine(text: string): string {
  const last = text.replace(/\r+$/, '')
  return last
    .replace(sequences, '')
    .replace(misleading, (char) => `\u2039U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}\u203a`)
}
