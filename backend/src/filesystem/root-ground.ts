import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FilePath, partPrefix } from '@karvdash/common'
import { createReadNames } from './listing.ts'
import { openRoot, type Root, type RootOptions } from './root.ts'
import { createSweep } from './sweep.ts'

/** For tests: a root with a neighbour's folder beside it, out of which nothing may come and into which nothing may get. */
export interface Ground {
  root: Root
  /** The root's folder, as the host has it. */
  inside: string
  /** The neighbour's folder, with one file `secret`. */
  outside: string
  /** The same root, opened differently. */
  reopened(options: Partial<RootOptions>): Root
  /** What was changed outside; empty where all is as it was. */
  harm(): Promise<string[]>
  /** Part files that were left anywhere. */
  parts(): Promise<string[]>
  remove(): Promise<void>
}

const execute = promisify(execFile)

/** What lies outside. */
export const secret = "this is bob's"

/** Makes a ground in a new folder. */
export async function breakGround(): Promise<Ground> {
  const base = await mkdtemp(join(tmpdir(), 'karvdash-root-'))
  const [inside, outside] = [join(base, 'alice'), join(base, 'bob')]
  await mkdir(inside, { mode: 0o2770 })
  await mkdir(outside)
  await writeFile(join(outside, 'secret'), secret)
  const options = {
    folder: inside,
    view: '/local',
    owner: { uid: 20_001, gid: 20_001 },
    readNames: createReadNames(),
    sweep: createSweep(),
  }
  // Node's own recursive readdir follows links.
  const all = async () =>
    (await execute('find', [base, '-mindepth', '1', '-printf', '%P\\n'], { maxBuffer: 2 ** 28 })).stdout
      .split('\n')
      .filter(Boolean)
  return {
    root: openRoot(options),
    inside,
    outside,
    reopened: (other) => openRoot({ ...options, ...other }),
    async harm() {
      const names = (await all()).filter((name) => !name.startsWith('alice'))
      const content = await readFile(join(outside, 'secret'), 'utf8').catch(() => 'gone')
      return [...names.filter((name) => !['bob', 'bob/secret'].includes(name)), ...(content === secret ? [] : [content])]
    },
    async parts() {
      return (await all()).filter((name) => name.includes(partPrefix))
    },
    remove: () => rm(base, { recursive: true, force: true }),
  }
}

/** A path of a test's. */
export const at = (text: string): FilePath => FilePath.parse(text)

/** Bytes as they come from a request. */
export async function* bytesOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** The text of a file, or of a range of it. */
export async function textOf(root: Root, path: string, range?: { first: number; last: number }): Promise<string> {
  const file = await root.read(at(path))
  const chunks: Buffer[] = []
  for await (const chunk of file.stream(range ?? { first: 0, last: file.entry.size - 1 })) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
