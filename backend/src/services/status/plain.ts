// Control characters, and those that turn the direction of text around or cannot be seen: what the cluster tells is written by tenants.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/** The most characters of a message that are kept. */
export const longestMessage = 1000

/**
 * A text of the cluster's as one line that can be shown and kept: bounded, without control characters.
 * It is a copy, so that what it was cut from need not stay in memory.
 */
export function plain(text: string, most = longestMessage): string {
  return plainLines(text, most).replace(/[\s]+/g, ' ').trim()
}

/** The same, with its lines and tabs. */
export function plainLines(text: string, most: number): string {
  return Buffer.from(text.slice(0, most)).toString().replace(unseen, '')
}
