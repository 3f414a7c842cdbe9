import { spawn } from 'node:child_process'

export interface CommandOptions {
  cwd?: string
  env?: Record<string, string | undefined>
  input?: string
}

/** Runs a program to its end and gives its standard output; throws with the end of its standard error otherwise. */
export function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' })
    const output: Buffer[] = []
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString())
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}\n${errors}`))
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input)
  })
}
