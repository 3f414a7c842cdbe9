import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say } from '../progress.ts'

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Programs that npm packages bring. */
export const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** What a program is told besides its arguments, and after how long it is ended. */
export interface Running {
  environment?: Record<string, string>
  limitMs?: number
}

/** Runs a program to its end on this terminal; gives its exit code. A signal to us reaches it too. */
export function runHere(program: string, args: string[], { environment, limitMs }: Running = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${join(root, 'node_modules/node/bin')}:${process.env['PATH']}`, ...environment }
    const limit = limitMs === undefined ? {} : { timeout: limitMs, killSignal: 'SIGKILL' as const }
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env, ...limit })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    process.once('SIGTERM', pass)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGTERM', pass)
      if (child.killed && limitMs !== undefined) say(`It was ended, because it took more than ${limitMs / 60_000} minutes.`)
      resolve(code ?? 1)
    })
  })
}

/** Runs a TypeScript program of ours under this Node. */
export function runNode(args: string[], running?: Running): Promise<number> {
  return runHere(process.execPath, ['--conditions=source', ...args], running)
}
