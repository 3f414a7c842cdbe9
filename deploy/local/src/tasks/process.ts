import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Programs that npm packages bring. */
export const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** Runs a program to its end on this terminal; gives its exit code. A signal to us reaches it too. */
export function runHere(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${join(root, 'node_modules/node/bin')}:${process.env['PATH']}`, ...environment }
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    process.once('SIGTERM', pass)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGTERM', pass)
      resolve(code ?? 1)
    })
  })
}

/** Runs a TypeScript program of ours under this Node. */
export function runNode(args: string[], environment: Record<string, string> = {}): Promise<number> {
  return runHere(process.execPath, ['--conditions=source', ...args], environment)
}
