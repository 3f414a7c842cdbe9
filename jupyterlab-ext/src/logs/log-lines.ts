import { type LogLine, shownLine } from '@karvdash/common'

/** No more lines than these are kept: a browser has to live with them. */
export const mostLines = 5_000

/** A line as it is shown. */
export interface ShownLine {
  at: string
  /** Pod and container. */
  from: string
  text: string
}

/** The newest lines. */
export interface LogLines {
  /** Takes lines; gives those that are new and still kept, and how many of the oldest had to go. */
  add(lines: readonly LogLine[]): { added: ShownLine[]; gone: number }
  /** All that is kept, as text; each line with where it is from, where there is more than one such place. */
  text(): string
  clear(): void
  readonly count: number
  /** Whether some had to go since it was empty. */
  readonly isCut: boolean
  /** Whether they are from more than one container. */
  readonly isMixed: boolean
}

/** Keeps none so far. */
export function createLogLines(most: number = mostLines): LogLines {
  let kept: ShownLine[] = []
  let isCut = false
  const sources = new Set<string>()
  return {
    add(lines) {
      const fresh = lines.slice(-most).map(shown)
      for (const { from } of fresh) if (sources.size < 2) sources.add(from)
      const gone = Math.max(0, kept.length + fresh.length - most)
      isCut ||= gone > 0 || lines.length > most
      kept = [...kept.slice(gone), ...fresh]
      return { added: fresh, gone }
    },
    text: () => kept.map(({ at, from, text }) => `${at} ${sources.size > 1 ? `${from} ` : ''}${text}\n`).join(''),
    clear() {
      kept = []
      isCut = false
      sources.clear()
    },
    get count() {
      return kept.length
    },
    get isCut() {
      return isCut
    },
    get isMixed() {
      return sources.size > 1
    },
  }
}

function shown({ at, pod, container, text, isCut }: LogLine): ShownLine {
  return { at, from: `${pod} ${container}`, text: `${shownLine(text)}${isCut ? ' […]' : ''}` }
}
