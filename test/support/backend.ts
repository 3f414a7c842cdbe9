import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Ports } from '@karvdash/backend/http/listen'

// Both are started as the image does, with its flags.
const [, entrypoint = '[]'] =
  /^ENTRYPOINT (.*)$/m.exec(readFileSync(new URL('../../deploy/images/backend/Dockerfile', import.meta.url), 'utf8')) ?? []
const flags = (JSON.parse(entrypoint) as string[]).filter((word) => word.startsWith('--'))

const sources = fileURLToPath(new URL('../../backend/src/main.ts', import.meta.url))

/** A backend that runs as a process of its own, as it does in production. */
export interface Backend {
  /** Where its HTTP port answers. */
  url: string
  httpsPort: number
  webhookPort: number
  pid: number
  /** From its start until it said that it was ready. */
  readyAfterMs: number
  /** Lines of its log so far, parsed. */
  log: Record<string, unknown>[]
  /** Ends it as Kubernetes would; gives the exit code. */
  stop(): Promise<number | null>
  /** Ends it as a lost machine would. */
  kill(): Promise<void>
}

/** Starts a backend and waits until it says that it is ready; the program is that of the sources, or one that was built of them. */
export async function startBackend(environment: Record<string, string>, program = sources): Promise<Backend> {
  const forSources = program === sources ? ['--conditions=source', '--disable-warning=ExperimentalWarning'] : []
  const begun = performance.now()
  const child = spawn(process.execPath, [...flags, ...forSources, program], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: Record<string, unknown>[] = []
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ready = await new Promise<Ports>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`The backend ended with ${code}\n${errors}\n${JSON.stringify(log.slice(-5), null, 1)}`)),
    )
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>
      log.push(entry)
      if (entry['msg'] === 'ready') resolve(entry as unknown as Ports)
    })
  })
  const readyAfterMs = performance.now() - begun
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return {
    url: `http://127.0.0.1:${ready.httpPort}`,
    httpsPort: ready.httpsPort,
    webhookPort: ready.webhookPort,
    pid: child.pid ?? 0,
    readyAfterMs,
    log,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM')
      return child.exitCode
    },
  }
}
