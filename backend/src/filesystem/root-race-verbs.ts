import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync, gunzipSync } from 'node:zlib'
import { type ArchiveFormat, rootPath } from '@karvdash/common'
import { openArchive } from './archive.ts'
import { copyEntry } from './copy.ts'
import { itself } from './held.ts'
import { createReadNames } from './listing.ts'
import { meaningOf } from './refusals.ts'
import type { Resumable } from './resumable.ts'
import type { Root } from './root.ts'
import { at, bytesOf, secret, textOf } from './root-ground.ts'
import { removeCopied, settle } from './settle.ts'
import { usageOf } from './usage.ts'
import { createWatches } from './watches.ts'

/** What a swapper writes, and what is written against it: so long is each file inside. */
const ours = 'evil'

/** What tells of the outside: in an archive its bytes may be packed. */
export const outsiders = [
  secret,
  'only outside',
  `"size":${secret.length}`,
  JSON.stringify(deflateRawSync(secret, { level: 1 }).toString('latin1')).slice(1, -1),
]

/** These would leave nothing for the others, were they not at rest now and then. */
export const destroyers = new Set(['remove', 'remove tree', 'remove deep', 'remove moved', 'take name', 'copy over', 'rename in'])

/** For tests: each thing that can be asked of a root, made so that it comes by what a {@link file://./root-race-swapper.ts swapper} swaps; gives all that was told. */
export function verbs(root: Root): Record<string, () => Promise<unknown>> {
  let turn = 0
  const fresh = () => `spot/new-${turn++}`
  return {
    'stat inner': () => root.stat(at('spot/secret')),
    list: () => root.list(at('spot'), { limit: 100 }),
    'list inner': () => root.list(at('spot/inner'), { limit: 100 }),
    'list by time': () => root.list(at('spot'), { limit: 100, sort: 'modified' }),
    hold: () => namesHeld(root),
    read: () => textOf(root, 'spot/secret'),
    'read file': () => textOf(root, 'file'),
    write: () => root.write(at('spot/secret'), bytesOf(ours)),
    'write file': () => root.write(at('file'), bytesOf(ours)),
    'write new': () => root.write(at(fresh()), bytesOf(ours), { ifNoneMatch: '*' }),
    upload: () => uploaded(root, fresh()),
    'upload file': () => uploaded(root, 'file'),
    'give up upload': async () => root.abandonUpload(await begun(root, fresh())),
    createFolder: () => root.createFolder(at(fresh())),
    'rename in': () => root.rename(at('file'), at('spot/secret'), { overwrite: true }),
    'rename out': () => root.rename(at('spot/secret'), at('aside/stolen'), { overwrite: true }),
    remove: () => root.remove(at('spot/secret')),
    'remove tree': () => root.remove(at('spot'), { recursive: true }),
    'remove deep': () => root.remove(at('aside'), { recursive: true }),
    copy: () => copied(root, 'spot', `copy-${turn++}`),
    'copy file': () => copied(root, 'file', `copy-${turn++}`),
    'copy over': () => copied(root, 'aside', 'spot'),
    'remove moved': () => inRoot(root, (folder) => removeCopied({ folder, name: 'aside' }, { folder, name: 'spot' })),
    'take name': () =>
      inRoot(root, (folder) => settle({ folder, name: 'file' }, { folder, name: 'spot' }, { aside: `old-${turn++}` })),
    zip: () => packed(root, 'zip', ['spot', 'file']),
    tar: () => packed(root, 'tar', ['spot', 'file']),
    'tar.gz': () => packed(root, 'tar.gz', ['']),
    usage: () => counted(root),
    watch: () => seen(root, {}),
    'watch by looking': () => seen(root, { isToldAll: () => false }),
  }
}

/** What a folder has in it that is held, as it is for who watches it. */
async function namesHeld(root: Root): Promise<string[]> {
  using folder = await root.hold(at('spot'))
  return readdirSync(itself(folder))
}

async function begun(root: Root, path: string): Promise<Resumable> {
  const upload = { path: at(path), size: ours.length, conditions: {} }
  return { ...upload, ...(await root.beginUpload(upload.path, upload)) }
}

async function uploaded(root: Root, path: string): Promise<unknown> {
  const upload = await begun(root, path)
  const first = await root.appendToUpload(upload, { offset: 0, source: bytesOf(ours.slice(0, 2)) })
  const stand = await root.uploadProgress(upload)
  return [first, stand, await root.appendToUpload(upload, { offset: stand.offset, source: bytesOf(ours.slice(2)) })]
}

/** What is copied comes back with all that is in it, and is removed. */
async function copied(root: Root, from: string, to: string): Promise<unknown> {
  const tally = { entries: 0, bytes: 0, dropped: 0 }
  const copier = { owner: { uid: 20_001, gid: 20_001 }, tally, signal: new AbortController().signal }
  await inRoot(root, (folder) => copyEntry({ from: { folder, name: from }, to: { folder, name: to }, copier }))
  if (!to.startsWith('copy')) return tally
  const told = [tally, await packed(root, 'tar', [to])]
  await root.remove(at(to), { recursive: true })
  return told
}

/** Refusals of the kernel are told as a job tells them. */
async function inRoot<T>(root: Root, act: (folder: number) => Promise<T>): Promise<T> {
  using folder = await root.hold(rootPath)
  try {
    return await act(folder.fd)
  } catch (error) {
    throw meaningOf(error, rootPath)
  }
}

async function packed(root: Root, format: ArchiveFormat, paths: string[]): Promise<string> {
  try {
    const stream = await openArchive(root, { paths: paths.map(at), format, rootName: 'all' })
    const bytes = Buffer.concat(await stream.toArray())
    return (format === 'tar.gz' ? gunzipSync(bytes) : bytes).toString('latin1')
  } catch (error) {
    throw meaningOf(error, rootPath)
  }
}

/** Every file inside has four bytes, or none yet. */
async function counted(root: Root): Promise<unknown> {
  const { entries, bytes } = await usageOf(root, at('spot'))
  return { entries, bytes, sign: bytes % ours.length === 0 ? 'inside' : 'only outside' }
}

const watchMs = 30

async function seen(root: Root, looking: { isToldAll?: () => boolean }): Promise<unknown[]> {
  const told: unknown[] = []
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(act, ms / 100)
    return () => clearTimeout(timer)
  }
  const watches = createWatches({ readNames: createReadNames(), after, ...looking })
  const listener = { changed: (what: unknown) => told.push(what), gone: () => told.push('gone') }
  using _ = await watches.watch({ key: 'spot', hold: () => root.hold(at('spot')) }, listener)
  await sleep(watchMs)
  return told
}
