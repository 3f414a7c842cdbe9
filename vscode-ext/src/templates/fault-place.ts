import type { TemplateFault } from '@karvdash/common'

/** A part of a line; lines and characters count from 0, as VS Code counts them. */
export interface FaultPlace {
  line: number
  start: number
  end: number
}

/** Where in a text a fault is underlined: from its column to the end of the word, or all of its line; where nobody knows more, the first line of its document. */
export function faultPlace(
  { line, column, document }: Pick<TemplateFault, 'line' | 'column' | 'document'>,
  text: string,
): FaultPlace {
  const lines = text.split(/\r\n|\n|\r/)
  const at = Math.min(Math.max((line ?? firstLineOf(document, lines)) - 1, 0), lines.length - 1)
  const content = lines[at] ?? ''
  const indent = content.length - content.trimStart().length
  const whole = { line: at, start: indent, end: Math.max(content.trimEnd().length, indent + 1) }
  const start = (column ?? 0) - 1
  if (start < indent || start >= content.length) return whole
  const [word = ''] = /^(?:\{\{[^}]*\}\}|[^\s,:\]}]+)/.exec(content.slice(start)) ?? []
  return { line: at, start, end: start + Math.max(word.length, 1) }
}

/** The line, counted from 1, that a document of the text begins on. */
function firstLineOf(document: number | undefined, lines: string[]): number {
  const begins = [...lines.keys()].filter((index) => index === 0 || /^---(\s|$)/.test(lines[index - 1] ?? ''))
  // A text may begin with the mark of its first document.
  const documents = /^---(\s|$)/.test(lines[0] ?? '') ? begins.slice(1) : begins
  return (documents[(document ?? 1) - 1] ?? 0) + 1
}
