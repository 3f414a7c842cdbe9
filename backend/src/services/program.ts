import type { Kubernetes } from '../kubernetes/client.ts'
import type { ExecTarget, Shell } from '../kubernetes/exec.ts'
import { hangUp, inWords, isMissing, type Start, startsOf } from './shells.ts'

/** Where to start what; a shell where no command is given. */
export interface Program extends Omit<ExecTarget, 'command'> {
  command: string[] | undefined
}

/**
 * Starts a program at a terminal. Closing it hangs up, as a terminal does that goes away: Kubernetes alone would leave the program running.
 * @throws KubeError, ConnectionError.
 */
export async function startProgram(kubernetes: Kubernetes, { command, ...place }: Program): Promise<Shell> {
  const starts = startsOf(command)
  const next = starts.shift() as Start
  let shell = await kubernetes.exec({ ...place, command: next.command })
  let size: { columns: number; rows: number } | undefined
  let pid: number | undefined
  let isEnded = false
  // What is typed before would be echoed before the first line, and be taken for it.
  const begun = Promise.withResolvers<void>()

  async function* output(start: Start): AsyncGenerator<Buffer> {
    const pieces = shell.output[Symbol.asyncIterator]()
    if (start.isAnnounced) {
      const { line, rest } = await firstLine(pieces)
      pid = /^\d{1,9}$/.test(line) ? Number(line) : undefined
      if (pid !== undefined || rest.length > 0) begun.resolve()
      if (rest.length > 0) yield rest
    } else begun.resolve()
    yield* { [Symbol.asyncIterator]: () => pieces }
    const another = nextStart()
    if (!another) return
    shell = await kubernetes.exec({ ...place, command: another.command })
    if (size) await shell.resize(size)
    yield* output(another)
  }
  function nextStart(): Start | undefined {
    const another = isMissing(shell.end()) ? starts.shift() : undefined
    if (another) return another
    begun.resolve()
    isEnded = !shell.end().isBroken
    return undefined
  }
  function close(): void {
    begun.resolve()
    shell.close()
    if (pid !== undefined && !isEnded) void tell(kubernetes, { ...place, command: hangUp(pid) })
    pid = undefined
  }
  return {
    output: output(next),
    async write(bytes) {
      await begun.promise
      await shell.write(bytes)
    },
    resize(wanted) {
      size = wanted
      return shell.resize(wanted)
    },
    end: () => inWords(shell.end(), command),
    close,
  }
}

const longestLine = 32

/** The first line of what is printed, and what came after it; what is too long for one is left as it is. */
async function firstLine(pieces: AsyncIterator<Buffer>): Promise<{ line: string; rest: Buffer }> {
  let read = Buffer.alloc(0)
  while (read.length < longestLine && !read.includes('\n')) {
    const { done, value } = await pieces.next()
    if (done) return { line: '', rest: read }
    read = Buffer.concat([read, value])
  }
  const end = read.indexOf('\n')
  const line = read.subarray(0, Math.max(end, 0)).toString().trim()
  return /^\d+$/.test(line) ? { line, rest: read.subarray(end + 1) } : { line: '', rest: read }
}

/** Does something in the container of which nobody wants to hear: it may be gone. */
async function tell(kubernetes: Kubernetes, target: ExecTarget): Promise<void> {
  const shell = await kubernetes.exec(target).catch(() => undefined)
  if (!shell) return
  for await (const _ of shell.output);
  shell.close()
}
