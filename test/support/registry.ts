import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@karvdash/local/ports'
import { until } from './until.ts'

/** What is particular about a registry. */
export interface RegistryOptions {
  /** Whether images can be deleted; they can unless told. */
  delete?: boolean
  /** Whether it takes nothing. */
  isReadOnly?: boolean
  /** Lines of an htpasswd file (bcrypt): only these get in. */
  htpasswd?: string
  /** More of its configuration, such as `auth.token` or `notifications`. */
  config?: object
  /** Where its files are; a folder of its own unless told. */
  storage?: string
}

/** A real docker-registry, as a process on this machine. */
export interface RunningRegistry {
  url: string
  /** As it stands in references. */
  host: string
  storage: string
  /** Puts a repository there once more under other names, as fast as its files are copied. */
  copy(repository: string, names: readonly string[]): Promise<void>
  /** Ends it as a lost machine would. */
  kill(): Promise<void>
  /** Starts it again after `kill`, at the same address. */
  start(): Promise<void>
  /** Lets it answer nothing until `go`; its connections stay. */
  hold(): void
  go(): void
  /** Frees what no image needs; it must not run. */
  collect(): Promise<void>
  stop(): Promise<void>
}

/** Starts one and waits until it answers. */
export async function startRegistry(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-registry-'))
  const [port] = await freePorts(1)
  const host = `127.0.0.1:${port}`
  const storage = options.storage ?? join(folder, 'storage')
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify(await configOf(options, { folder, host, storage })))
  let child: ChildProcess | undefined
  const kill = async () => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  const start = async () => {
    child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' })
    await until(async () => (await fetch(`http://${host}/v2/`)).status > 0)
  }
  await start()
  return {
    ...{ url: `http://${host}`, host, storage, kill, start },
    hold: () => void child?.kill('SIGSTOP'),
    go: () => void child?.kill('SIGCONT'),
    async copy(repository, names) {
      const all = join(storage, 'docker/registry/v2/repositories')
      for (const name of names) await cp(join(all, repository), join(all, name), { recursive: true })
    },
    async collect() {
      const collector = spawn('docker-registry', ['garbage-collect', file], { stdio: 'ignore' })
      await once(collector, 'exit')
    },
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Places {
  folder: string
  host: string
  storage: string
}

async function configOf(options: RegistryOptions, { folder, host, storage }: Places): Promise<object> {
  const passwords = join(folder, 'htpasswd')
  if (options.htpasswd !== undefined) await writeFile(passwords, options.htpasswd)
  return {
    ...{ version: 0.1, log: { level: 'error', accesslog: { disabled: true } }, http: { addr: host } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: options.delete ?? true },
      ...(options.isReadOnly && { maintenance: { readonly: { enabled: true } } }),
    },
    ...(options.htpasswd !== undefined && { auth: { htpasswd: { realm: 'registry', path: passwords } } }),
    ...options.config,
  }
}
