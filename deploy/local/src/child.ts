import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** A program that runs as long as this process wants it to, and never longer than this process. */
export interface Child {
  pid: number
  /** Kills it at once and resolves when it is gone. */
  kill: () => Promise<void>
  /** Throws with the end of its log when it ended by itself. */
  throwIfFailed: () => void
}

/** What to run, and the file its output goes to. */
export interface ChildOptions {
  name: string
  program: string
  args: string[]
  log: string
}

/** Starts a child that the kernel kills when this process dies, even by SIGKILL. */
export function spawnChild({ name, program, args, log }: ChildOptions): Child {
  const output = openSync(log, 'a')
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], { stdio: ['ignore', output, output] })
  closeSync(output)
  let failure: Error | undefined
  child.on('error', (cause) => {
    failure = new Error(`${name} cannot be started`, { cause })
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      if (hasEnded() || failure) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    throwIfFailed: () => {
      if (failure) throw failure
      if (hasEnded() && !child.killed) throw new Error(`${name} ended by itself; its last words:\n${endOf(log)}`)
    },
  }
}

function endOf(log: string): string {
  return readFileSync(log, 'utf8').slice(-2000)
}
