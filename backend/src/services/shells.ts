import { KubeError } from '../kubernetes/errors.ts'
import type { ExecEnd } from '../kubernetes/exec.ts'

/** A way to start a program. */
export interface Start {
  command: string[]
  /** Whether its first line tells the number of its process, to hang up by. */
  isAnnounced: boolean
}

const shell = '/bin/sh'

/** How to start a program, the first way that works; the better of the shells that are there, where no command is given. */
export function startsOf(command: string[] | undefined): Start[] {
  if (!command)
    return [{ command: [shell, '-c', 'echo $$; if [ -x /bin/bash ]; then exec /bin/bash; fi; exec /bin/sh'], isAnnounced: true }]
  const announced = [shell, '-c', 'echo $$; exec "$@"', shell, ...command]
  return [
    { command: announced, isAnnounced: true },
    { command, isAnnounced: false },
  ]
}

/** Tells a process that its terminal is gone: a shell passes that on to what runs in it, and what is to go on ignores it (nohup). */
export function hangUp(pid: number): string[] {
  return [shell, '-c', 'kill -HUP "$0"', String(pid)]
}

const longestReason = 500
const missing = /no such file or directory|executable file not found/i
const forbidden = /permission denied/i

/** Whether a program never began, since it is not there. */
export function isMissing({ code, isBroken, message }: ExecEnd): boolean {
  return code === undefined && !isBroken && missing.test(message)
}

/** How a program ended, with what that means to whoever started it. */
export function inWords(end: ExecEnd, command: string[] | undefined): ExecEnd {
  if (end.code !== undefined || end.isBroken) return end
  return { ...end, message: whyItDidNotBegin(end, command) }
}

function whyItDidNotBegin(end: ExecEnd, command: string[] | undefined): string {
  const program = command && plain(command[0] ?? '')
  if (isMissing(end) && program === undefined) return 'This container has no shell. Give a command that is in its image.'
  if (isMissing(end)) return `There is no program "${program}" in this container.`
  if (forbidden.test(end.message)) return `The program "${program ?? shell}" may not be run in this container.`
  return `The program could not be started. ${plain(end.message)}`.trim()
}

/** Why there is no terminal at all. */
export function whyNot(error: unknown): string {
  if (!(error instanceof KubeError)) return 'The cluster cannot be reached at the moment. Try again shortly.'
  if (error.status === 404) return 'The pod is gone. Open the terminal again to get into another one.'
  return `The cluster refused to start the program. ${plain(error.message)}`
}

/** Names of programs, and what runtimes say, may hold what steers a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, longestReason)
}
