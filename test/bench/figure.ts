import { median } from './statistics.ts'

/** One measured against its peer: a line of the table. */
export interface Figure {
  name: string
  ours: string
  peer: string
  /** How the two compare: a ratio, or a difference where that is what counts. */
  ratio: string
  goal: string
  isMet: boolean
}

/** The same thing measured on both sides, one right after the other. */
export interface Pair {
  ours: number
  peer: number
}

type Goal = { atMost: number } | { atLeast: number }

interface Measured {
  name: string
  unit: string
  pairs: Pair[]
  goal: Goal
}

/** A figure whose goal is a ratio: pair by pair, so that what disturbs the machine for a while disturbs both sides. */
export function ratioFigure({ name, unit, pairs, goal }: Measured): Figure {
  const ratio = median(pairs.map(({ ours, peer }) => ours / peer))
  return { ...sides({ name, unit, pairs }), goal: `${inWords(goal)}x`, isMet: holds(goal, ratio) }
}

/** A figure whose goal is what ours takes more than the peer. */
export function differenceFigure({ name, unit, pairs, goal }: Measured): Figure {
  const difference = median(pairs.map(({ ours, peer }) => ours - peer))
  const ratio = `${difference < 0 ? '' : '+'}${shown(difference)} ${unit}`
  return { ...sides({ name, unit, pairs }), ratio, goal: `${inWords(goal)} ${unit}`, isMet: holds(goal, difference) }
}

/** A figure whose goal is a limit for ours alone; the peer is there for scale. */
export function limitFigure({ name, unit, pairs, goal }: Measured): Figure {
  const ours = median(pairs.map((pair) => pair.ours))
  return { ...sides({ name, unit, pairs }), goal: `${inWords(goal)} ${unit}`, isMet: holds(goal, ours) }
}

/** The table's lines: name, ours, peer, ratio, goal, `met` or `short`. */
export function lines(figures: Figure[]): string[] {
  const rows = figures.map(({ name, ours, peer, ratio, goal, isMet }) => [name, ours, peer, ratio, goal, isMet ? 'met' : 'short'])
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function sides({ name, unit, pairs }: Omit<Measured, 'goal'>): Pick<Figure, 'name' | 'ours' | 'peer' | 'ratio'> {
  const side = (which: keyof Pair) => `${shown(median(pairs.map((pair) => pair[which])))} ${unit}`
  const ratio = median(pairs.map(({ ours, peer }) => ours / peer))
  return { name, ours: side('ours'), peer: side('peer'), ratio: `${shown(ratio)}x` }
}

function holds(goal: Goal, value: number): boolean {
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
}

function inWords(goal: Goal): string {
  const limit = (value: number) => Number(value.toPrecision(3))
  return 'atMost' in goal ? `<= ${limit(goal.atMost)}` : `>= ${limit(goal.atLeast)}`
}

/** Three digits that say something. */
function shown(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))))
  return value.toFixed(digits)
}
