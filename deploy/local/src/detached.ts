import { type ChildProcess, spawn } from 'node:child_process'

/** A program that will outlive this process, waiting for the word to go on. */
export interface Detached {
  pid: number
  /** Throws when it could not be started or has ended. */
  throwIfEnded: () => void
  /** Lets it begin. */
  go: () => void
}

/**
 * Put before a program's arguments: a shell that waits for the word, and ends if the process that should say it dies. Deaf to SIGTERM, since
 * what keeps a sandbox alive must survive that everything in it is asked to end.
 */
export const waitsForWord = ['sh', '-c', 'read -r go && trap "" TERM && exec "$@" </dev/null', 'sh']

/**
 * Starts a program that reads one word before it does anything, so that it can be noted first: killed at any moment, this process leaves
 * nothing behind that nobody knows of.
 */
export function spawnDetached(args: string[]): Detached {
  const [program = '', ...rest] = args
  const child = spawn(program, rest, { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' })
  child.unref()
  const failure = failureOf(child, program)
  return {
    pid: child.pid ?? 0,
    throwIfEnded: () => {
      const error = failure()
      if (error) throw error
    },
    go: () => child.stdin?.end('go\n'),
  }
}

function failureOf(child: ChildProcess, program: string): () => Error | undefined {
  let failure: Error | undefined
  child.on('error', (cause) => {
    failure = new Error(`${program} cannot be started`, { cause })
  })
  child.stdin?.on('error', () => undefined)
  child.on('exit', () => {
    failure ??= new Error(`${program} ended at once`)
  })
  return () => failure
}
