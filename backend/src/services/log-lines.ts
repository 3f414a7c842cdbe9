import { longestLogLineBytes } from '@karvdash/common'

/** A line of one container's log. */
export interface TimedLine {
  /** RFC 3339 in UTC with nanoseconds; that of the line before where the kubelet put none. */
  at: string
  text: string
  isCut?: true
}

/** Takes a log as the kubelet sends it (`timestamps=true`), in pieces of any size, and gives the lines that are whole. */
export interface LineReader {
  read(chunk: Buffer): TimedLine[]
  /** What is left where the log ends without a line's end. */
  rest(): TimedLine[]
}

const newline = 0x0a
/** A time with its blank is 36 bytes at most; of a line that is longer, nothing is kept beyond this. */
const mostBytes = longestLogLineBytes + 64
const beginning = '1970-01-01T00:00:00.000000000Z'

/** Makes a reader; it holds one line at most, however long a program makes its lines. */
export function createLineReader(): LineReader {
  let held: Buffer[] = []
  let heldBytes = 0
  let last = beginning

  function keep(piece: Buffer): void {
    const part = piece.subarray(0, mostBytes - heldBytes)
    // A copy: a piece of a chunk would keep all of the chunk.
    if (part.length > 0) held.push(Buffer.from(part))
    heldBytes += part.length
  }
  function line(bytes: Buffer): TimedLine {
    const read = timedLine(bytes, last)
    last = read.at
    return read
  }
  function rest(): TimedLine[] {
    const bytes = Buffer.concat(held)
    held = []
    heldBytes = 0
    return bytes.length === 0 ? [] : [line(bytes)]
  }
  return {
    read(chunk) {
      const lines: TimedLine[] = []
      let from = 0
      for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
        if (heldBytes === 0) lines.push(line(chunk.subarray(from, to)))
        else {
          keep(chunk.subarray(from, to))
          lines.push(...rest())
        }
        from = to + 1
      }
      keep(chunk.subarray(from))
      return lines
    },
    rest,
  }
}

const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?/

function timedLine(bytes: Buffer, before: string): TimedLine {
  const [stamp = '', seconds = '', fraction = '', zone = ''] = stamped.exec(bytes.toString('latin1', 0, 40)) ?? []
  const text = bytes.subarray(stamp.length)
  const at = stamp === '' ? before : inUtc(seconds, fraction.padEnd(9, '0'), zone)
  if (text.length <= longestLogLineBytes) return { at, text: text.toString('utf8') }
  // With `stream`, half a character at the end is no wrong one: it is left out.
  return { at, text: new TextDecoder().decode(text.subarray(0, longestLogLineBytes), { stream: true }), isCut: true }
}

/** Each node tells the time in its own zone. */
function inUtc(seconds: string, nanoseconds: string, zone: string): string {
  if (zone === 'Z') return `${seconds}.${nanoseconds}Z`
  const time = new Date(`${seconds}${zone}`)
  return Number.isNaN(time.getTime()) ? beginning : `${time.toISOString().slice(0, 19)}.${nanoseconds}Z`
}
