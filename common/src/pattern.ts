/** One part of a pattern while its ways are counted: alternatives of which each is a run of pieces. */
interface Group {
  done: number
  ways: number
  last: number
}

const quantifier = /^(?:[*+?]|\{(\d{1,4})(?:(,)(\d{1,4})?)?\})\??/
const atom = /^(?:\[\^?(?:\\.|[^\]\\])+\]|\\[^0-9kpPux]|[^\\[\](){}*+?|])/
const open = /^\((?:\?:|(?!\?))/
const mostWays = 2_000_000

/**
 * Says what is wrong with a pattern for texts of at most `maxLength` characters, or undefined where nothing is.
 *
 * JavaScript's matcher backtracks: `(a+)+$` needs 2^n steps. A pattern written by a tenant runs in the server, so the number of ways in which
 * it can match is counted beforehand and must stay small. Back references, look-around and named groups are not part of it.
 */
export function patternFault(pattern: string, maxLength: number): string | undefined {
  if (pattern.length > 200) return 'A pattern has at most 200 characters.'
  if (!compiles(pattern)) return 'This is not a regular expression.'
  const ways = countWays(pattern, maxLength)
  if (ways === undefined) return 'A pattern has characters, classes, groups, alternatives and repetitions, nothing else.'
  if (ways > mostWays) return 'This pattern could take very long. Repeat less in it, or set a smaller maxLength.'
  return undefined
}

/** Whether the whole text matches a pattern that {@link patternFault} finds no fault with. */
export function matchesPattern(pattern: string, text: string): boolean {
  return anchored(pattern).test(text)
}

function anchored(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, 'u')
}

function compiles(pattern: string): boolean {
  try {
    return anchored(pattern) instanceof RegExp
  } catch {
    return false
  }
}

function countWays(pattern: string, maxLength: number): number | undefined {
  const groups: Group[] = [{ done: 0, ways: 1, last: 1 }]
  for (let rest = pattern; rest !== ''; ) {
    const length = step(rest, groups, maxLength)
    if (length === 0) return undefined
    rest = rest.slice(length)
  }
  const [whole] = groups
  return whole && total(whole)
}

/** Counts the first piece of `rest`; returns its length, 0 where it is nothing that may stand here. */
function step(rest: string, groups: Group[], maxLength: number): number {
  const group = groups.at(-1)
  if (!group) return 0
  const opened = open.exec(rest)?.[0]
  if (opened) return groups.push({ done: 0, ways: 1, last: 1 }) && opened.length
  if (rest.startsWith('|')) return alternative(group)
  if (rest.startsWith(')')) return close(groups)
  const repeated = quantifier.exec(rest)
  if (repeated) return repeat(group, repeated, maxLength)
  const piece = atom.exec(rest)?.[0] ?? ''
  if (piece) add(group, 1)
  return piece.length
}

function total(group: Group): number {
  return group.done + group.ways * group.last
}

function add(group: Group, ways: number): void {
  group.ways *= group.last
  group.last = ways
}

function alternative(group: Group): number {
  group.done = total(group)
  group.ways = 1
  group.last = 1
  return 1
}

function close(groups: Group[]): number {
  const inner = groups.pop()
  const outer = groups.at(-1)
  if (inner && outer) add(outer, total(inner))
  return 1
}

function repeat(group: Group, match: RegExpExecArray, maxLength: number): number {
  const [text, least, comma, most] = match
  const starts: Record<string, [number, number]> = { '*': [0, maxLength], '+': [1, maxLength], '?': [0, 1] }
  const exact = Number(least)
  const [min, max] = starts[text[0] ?? ''] ?? [exact, comma ? Number(most ?? Math.max(exact, maxLength)) : exact]
  group.last = repetitions(group.last, min, max)
  return text.length
}

function repetitions(ways: number, min: number, max: number): number {
  if (ways === 1) return max - min + 1
  let sum = 0
  for (let times = min; times <= max && sum <= mostWays; times++) sum += ways ** times
  return sum
}
