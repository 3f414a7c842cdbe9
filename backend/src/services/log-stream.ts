import type { LogEvent, LogLine } from '@karvdash/common'
import type { LogItem } from './container-log.ts'

/** What is told of a batch of a merged log, in its order: lines that follow one another together. */
export function createEvents(from = ''): (items: LogItem[]) => LogEvent[] {
  // The latest time so far: a line that comes late must not take whoever comes back further back than they were.
  let id = from
  return (items) => {
    const events: LogEvent[] = []
    let lines: LogLine[] = []
    const flush = () => {
      if (lines.length > 0) events.push({ type: 'lines', id, lines })
      lines = []
    }
    for (const item of items) {
      if (item.type === 'line') {
        const { type: _type, ...line } = item
        lines.push(line)
        if (line.at > id) id = line.at
      } else {
        const { at: _at, ...note } = item
        flush()
        events.push(note)
      }
    }
    flush()
    return events
  }
}

/** Lines as they are in a file: time, pod and container before each. */
export function asText(items: LogItem[]): Buffer {
  return Buffer.from(
    items
      .map((item) =>
        item.type === 'line' ? `${item.at} ${item.pod}/${item.container} ${item.text}${item.isCut ? ' […]' : ''}\n` : '',
      )
      .join(''),
  )
}
