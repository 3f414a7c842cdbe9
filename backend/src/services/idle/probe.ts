import type { TemplateActivity } from '@karvdash/common'
import type { Ran } from './run.ts'

/** What a template's own probe says: when the service was last active, or that nobody knows. */
export type Answer = { activeAt: number } | 'idle' | 'unknown'

/**
 * Reads what a probe came to: 0 says that it is active, 1 that it is not; a time that it prints says when it last was. Many programs that fail
 * end with 1 as well: they say why, which is nothing of the two.
 */
export function answerOf({ text, end, isCut }: Ran, now: number): Answer {
  if (isCut || (end.code !== 0 && end.code !== 1)) return 'unknown'
  if (end.code === 0) return { activeAt: now }
  const words = text.trim()
  if (words === '') return 'idle'
  const at = timeOf(words)
  return at === undefined ? 'unknown' : { activeAt: Math.min(at, now) }
}

/** RFC 3339, or seconds since 1970. */
function timeOf(text: string): number | undefined {
  const ms = /^\d{9,11}(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)
      ? Date.parse(text)
      : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

/** Where a probe runs: in the container that it names, or the first of each pod. */
export function isProbed({ container }: TemplateActivity, { name, isFirst }: { name: string; isFirst: boolean }): boolean {
  return container === undefined ? isFirst : name === container
}
