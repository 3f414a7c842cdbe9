import { TerminalCommand, type TerminalEnd, terminalCloses } from '@karvdash/common'
import type { Shell } from '../kubernetes/exec.ts'
import type { Screen } from './screen.ts'

/** What a terminal is subject to. */
export interface TerminalBounds {
  idleMs: number
  mostMs: number
  /** Why it has to close now, for other reasons than time; undefined where it does not. */
  objection: () => Promise<Objection | undefined>
}

/** A reason to close, with what is told to whoever has it open. */
export interface Objection {
  code: number
  reason: string
}

/** The time, and something that is done again and again. */
export interface Ticker {
  now(): number
  /** Gives the function that ends it. */
  every(ms: number, act: () => void): () => void
}

export const realTicker: Ticker = {
  now: () => performance.now(),
  every(ms, act) {
    const timer = setInterval(act, ms)
    return () => clearInterval(timer)
  },
}

/** All of it has ended within two seconds of what ended it. */
const checkMs = 1_000

/** Ties a program to a screen until either ends, or a bound is reached. */
export async function runTerminal(
  screen: Screen,
  shell: Shell,
  { ticker = realTicker, ...bounds }: TerminalBounds & { ticker?: Ticker },
): Promise<void> {
  const begunAt = ticker.now()
  let activeAt = begunAt
  const noteActivity = () => {
    activeAt = ticker.now()
  }
  async function check(): Promise<void> {
    const now = ticker.now()
    const objection = timeIsUp({ open: now - begunAt, idle: now - activeAt }, bounds) ?? (await bounds.objection())
    if (!objection) return
    screen.close(objection.code, objection.reason)
    shell.close()
  }
  // A program that reads nothing would keep us from noticing by the frames.
  screen.whenClosed(shell.close)
  const endChecks = ticker.every(checkMs, () => void check())
  const typing = type(screen, shell, noteActivity).finally(shell.close)
  try {
    await print(screen, shell, { noteActivity, objection: bounds.objection })
  } finally {
    endChecks()
    shell.close()
  }
  await typing
}

function timeIsUp({ open, idle }: { open: number; idle: number }, { idleMs, mostMs }: TerminalBounds): Objection | undefined {
  if (open >= mostMs) return { code: terminalCloses.tooLong, reason: `A terminal is open for ${inWords(mostMs)} at most.` }
  if (idle >= idleMs) return { code: terminalCloses.idle, reason: `Nothing happened in it for ${inWords(idleMs)}.` }
  return undefined
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
}

/** What is typed goes on to the program; what is no frame of ours closes the terminal. */
async function type(screen: Screen, shell: Shell, noteActivity: () => void): Promise<void> {
  try {
    for await (const { data, isBinary } of screen.frames) {
      noteActivity()
      if (isBinary) await shell.write(data)
      else await shell.resize(TerminalCommand.parse(JSON.parse(data.toString())))
    }
  } catch {
    // RFC 6455 §7.4.1: 1007 where a message is not what its type says. Where the program ended meanwhile it is closed already.
    screen.close(1007, 'Send what is typed as binary frames, and as text {"type":"resize","columns":80,"rows":24}.')
  }
}

interface Printing {
  noteActivity: () => void
  objection: TerminalBounds['objection']
}

/** What the program prints goes on to the screen, and at last how it ended. */
async function print(screen: Screen, shell: Shell, { noteActivity, objection }: Printing): Promise<void> {
  try {
    for await (const bytes of shell.output) {
      noteActivity()
      await screen.send(bytes)
    }
    const { code, message, isBroken } = shell.end()
    // Pods go with their users and services: then that is what there is to tell.
    const reason = await objection()
    if (reason) return screen.close(reason.code, reason.reason)
    if (isBroken) return screen.close(terminalCloses.broken, message)
    await tellEnd(screen, { code: code ?? null, reason: message })
  } catch {
    // Where it is the screen that is gone, nobody is there to be told.
    screen.close(terminalCloses.broken, 'The connection to the container broke.')
  }
}

/** Tells how a program ended, or why it never began, and closes. */
export async function tellEnd(screen: Screen, end: Omit<TerminalEnd, 'type'>): Promise<void> {
  const last: TerminalEnd = { type: 'exit', ...end }
  await screen.send(JSON.stringify(last)).catch(() => undefined)
  screen.close(1000, 'The program ended.')
}
