import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ProcessId } from './processes.ts'

/** What is known of a node between two commands. */
export interface InstanceState {
  domain: string
  /** Services answer below it; below the domain where it is left out. */
  serviceDomain?: string
  httpsPort: number
  /** Which of our private networks joins the host and the sandbox. */
  network?: number
  /** The process whose end is the end of everything in the sandbox. */
  init?: ProcessId
  /** When the sandbox was made: what the API says of pods and node before that is from an earlier life. */
  since?: string
  /** The one process outside the sandbox: it passes loopback connections on to Traefik. */
  forwarder?: ProcessId
  parts: Record<string, RunningPart>
  /** False while the sandbox is being changed: what an interrupted command has left there is not known. */
  settled?: boolean
}

/** A part inside the sandbox; its pid is the one it has there. */
export interface RunningPart {
  process: ProcessId
  /** Hash of arguments and configuration: a part is started again when it changes. */
  fingerprint: string
}

/** Where an instance keeps its data. */
export function dataFolder(name: string): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'karvdash', name)
}

/** The port an instance had, or for the first start of the one people work with a port that is easy to remember; any free one otherwise. */
export async function usualPort(name: string): Promise<number | undefined> {
  const known = await readState(dataFolder(name))
  return known?.httpsPort ?? (name === 'default' ? 8443 : undefined)
}

/** Throws when a name cannot name an instance: it becomes part of file, cgroup, table and node names. */
export function checkInstanceName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name))
    throw new Error(`'${name}' cannot name an instance: use lower case letters, digits and -`)
}

/** Makes the folder of an instance, closed to others, and the caller's own when sudo made it. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  const made = [folder]
  while (made[0] !== undefined && made[0] !== first) made.unshift(dirname(made[0]))
  await giveToCaller(made)
}

/** Who called sudo may read their kubeconfig and enter their folder. */
export async function giveToCaller(paths: string[]): Promise<void> {
  const [uid, gid] = [process.env['SUDO_UID'], process.env['SUDO_GID']].map(Number)
  if (uid && gid) for (const path of paths) await chown(path, uid, gid)
}

/** What the last command noted; undefined when there never was one. */
export async function readState(folder: string): Promise<InstanceState | undefined> {
  return readFile(join(folder, 'state.json'), 'utf8').then(
    (text) => JSON.parse(text) as InstanceState,
    () => undefined,
  )
}

/** Notes the state, whole or not at all. */
export async function writeState(folder: string, state: InstanceState): Promise<void> {
  const part = join(folder, `.state-${randomBytes(4).toString('hex')}`)
  await writeFile(part, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await rename(part, join(folder, 'state.json'))
}
