import type { Fault } from './faults.ts'

const mostTags = 2000
const mostBlockTags = 500
const longestTag = 300
const mostFaults = 20
const comment = /^\{\{~?!(?:(?=--)[\s\S]*?--~?|(?!--)[\s\S]*?)\}\}/
const tag = /^\{\{~?(?<block>#|\^|\s*else\b)?(?:[^{}"'\\|[\]]|"[^"{}\\\n]*"|'[^'{}\\\n]*')*\}\}/
const opening = /\{\{/g

/**
 * Finds what is wrong with the tags (`{{…}}`) of a text, before Handlebars parses them. Its parser takes minutes for a few thousand brackets
 * or `else if` in one another, so what it gets is bounded: how many tags, how long they are, and no brace or backslash in a string, so that
 * both agree on where a tag ends.
 */
export function tagFaults(source: string): Fault[] {
  const counts = { tags: 0, blocks: 0 }
  const faults: Fault[] = []
  let end = 0
  for (const { index } of source.matchAll(opening)) {
    if (index < end || isEscaped(source, index)) continue
    const length = comment.exec(source.slice(index))?.[0].length ?? tagLength(source, index, counts)
    if (length === 0) faults.push({ ...placeAt(source, index), message: reasonAt(source, index) })
    end = index + Math.max(length, 2)
    if (faults.length >= mostFaults) break
    if (counts.tags > mostTags || counts.blocks > mostBlockTags) return [{ ...placeAt(source, index), message: tooMany }]
  }
  return faults
}

const tooMany = `A template has at most ${mostTags} expressions, ${mostBlockTags} of them blocks and their else.`

/** The length of the tag that begins here, 0 where it is not one. */
function tagLength(source: string, index: number, counts: { tags: number; blocks: number }): number {
  const match = tag.exec(source.slice(index, index + longestTag))
  counts.tags += 1
  if (match?.groups?.['block']) counts.blocks += 1
  const length = match?.[0].length ?? 0
  return source[index + length] === '}' ? 0 : length
}

function reasonAt(source: string, index: number): string {
  const text = source.slice(index, index + longestTag)
  if (text.startsWith('{{{{')) return 'Raw blocks ({{{{…}}}}) are not supported.'
  if (text.startsWith('{{{')) return 'Raw output ({{{…}}}) is not supported; use {{…}}.'
  if (tag.test(text)) return 'A } follows the expression; put a space between them.'
  return `This expression cannot be read. It must end with }} within ${longestTag} characters, and have no brace, bracket, bar or backslash in it.`
}

/** `\{{` prints two braces; `\\{{` is a backslash and an expression. */
function isEscaped(source: string, index: number): boolean {
  return source[index - 1] === '\\' && source[index - 2] !== '\\'
}

function placeAt(source: string, index: number): { line: number; column: number } {
  const before = source.slice(0, index)
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}
