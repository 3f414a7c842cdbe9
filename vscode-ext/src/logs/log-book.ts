import { type LogNews, shownLine } from '@karvdash/common'

/** No more than these are kept, lines and characters: VS Code has to hold them in memory, several times. */
export const mostLines = 5000
const mostCharacters = 4 * 2 ** 20

/** What is shown of a log: its newest lines. */
export interface LogBook {
  hear(news: LogNews): void
  /** Writes down something that no program printed. */
  note(text: string): void
  /** What is told below all lines, as long as it holds. */
  remark(text: string | undefined): void
  text(): string
}

interface Written {
  text: string
  from?: string
}

/** Makes an empty one. Names of containers stand before the lines as soon as there are several. */
export function createLogBook(): LogBook {
  const lines: Written[] = []
  const sources = new Set<string>()
  let [characters, isCut] = [0, false]
  let remark: string | undefined

  function write(more: Written[]): void {
    for (const one of more) {
      lines.push(one)
      characters += one.text.length
    }
    let gone = 0
    for (; lines.length - gone > mostLines || characters > mostCharacters; gone++) characters -= lines[gone]?.text.length ?? 0
    lines.splice(0, gone)
    isCut ||= gone > 0
  }
  const note = (text: string) => write([{ text: `[${text}]` }])
  return {
    note,
    remark(text) {
      remark = text
    },
    hear(news) {
      if (news.type === 'lines') {
        write(
          news.lines.map(({ pod, container, text, isCut: isPart }) => ({
            text: `${shownLine(text)}${isPart ? ' […]' : ''}`,
            from: known(sources, `${pod} ${container}`),
          })),
        )
      } else if (news.type === 'ended') note(`${news.container} of ${news.pod} ended.`)
      else if (news.type === 'left-out') note(`${news.container} of ${news.pod} is left out: there are too many at once.`)
    },
    text() {
      const isMerged = sources.size > 1
      const shown = lines.map(({ text, from }) => (isMerged && from !== undefined ? `${from} | ${text}` : text))
      const first = isCut ? [`[Older lines are left out here. Save Logs… has them.]`] : []
      const last = remark !== undefined ? [`[${remark}]`] : shown.length === 0 ? ['[Nothing is printed so far.]'] : []
      return [...first, ...shown, ...last].map((line) => `${line}\n`).join('')
    },
  }
}

/** Remembers no more of them than are needed to tell one from several. */
function known(sources: Set<string>, source: string): string {
  if (sources.size < 2) sources.add(source)
  return source
}
