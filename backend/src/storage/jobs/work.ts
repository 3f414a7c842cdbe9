import { partPrefix } from '@karvdash/common'
import { copyEntry } from '../../filesystem/copy.ts'
import type { Tally } from '../../filesystem/copy-file.ts'
import { syncFileSystem } from '../../filesystem/kernel-copy.ts'
import { asideOf, openParts, type PartsFolder, partOf } from '../../filesystem/parts-folder.ts'
import { codeOf, meaningOf, missing, refusal } from '../../filesystem/refusals.ts'
import { withNumbers } from '../../filesystem/room.ts'
import { identityAt, removeCopied, settle } from '../../filesystem/settle.ts'
import { unused } from '../../filesystem/unused-name.ts'
import { count } from '../../filesystem/usage.ts'
import { syncFolder } from '../../filesystem/write.ts'
import { type Hold as AnyHold, Lost } from '../../jobs/hold.ts'
import type { JobRecord } from './record.ts'
import type { Site } from './site.ts'

type Hold = AnyHold<JobRecord>

export type { Tally }

const countingMs = 5_000

/** What a job does with what it holds. */
export interface Working {
  hold: Hold
  site: Site
  /** Told while it goes on. */
  tally: Tally
}

/**
 * Moves what can be moved by a rename, which is at once whatever it holds; a job of which nothing is left to do then is finished. Of what another
 * replica renamed before us, the new name is known by what has it.
 */
export async function renameAll(working: Working): Promise<void> {
  const { hold, site } = working
  for (const [i, { identity, isMoved }] of hold.record.entries.entries()) {
    const source = site.sources[i]
    if (isMoved || !source || !site.isAlike[i] || identity === undefined) continue
    if (await isRenamed(working, i)) change(hold, i, { isMoved: true })
  }
  const isDone = hold.record.entries.every(({ isMoved }) => isMoved)
  await syncFolder(site.to.fd)
  for (const source of site.sources) if (source) await syncFolder(source.folder)
  await hold.write({ entries: hold.record.entries, ...(isDone && { phase: 'finished' }) })
}

async function isRenamed({ hold, site }: Working, i: number): Promise<boolean> {
  const { identity, name, path } = entryOf(hold, i)
  const source = site.sources[i]
  if (!source) return false
  if (identityAt(source) === undefined && identityAt({ folder: site.to.fd, name }) === identity) return true
  try {
    await take({ hold, site, index: i, from: source, aside: asideIn(hold, `${partPrefix}job-${hold.record.id}-${i}`) })
    return true
  } catch (error) {
    if (codeOf(error) === 'EXDEV') return false
    if (codeOf(error) === 'EINVAL') throw refusal(409, 'into-itself', `"${path}" cannot be moved into itself.`)
    throw meaningOf(error, codeOf(error) === 'ENOENT' ? path : name)
  }
}

/** Copies all that is left to a part folder, gives it its names, and removes the originals of what is moved. */
export async function copyAll(working: Working): Promise<void> {
  const { hold, site } = working
  using parts = openParts(site.to.fd, hold.record.id)
  try {
    if (hold.record.phase !== 'naming' && hold.record.phase !== 'removing') await copyToParts(working, parts)
    if (hold.record.phase === 'naming') await takeNames(working, parts)
    if (hold.record.phase === 'removing') await removeOriginals(working)
  } catch (error) {
    if (!(error instanceof Lost || hold.signal.reason instanceof Lost)) await parts.clear(hold.record.entries.length)
    const told = await withNumbers(error, site.to.fd, { needed: hold.record.total?.bytes, written: working.tally.bytes })
    throw meaningOf(told, hold.record.to.path)
  }
  await parts.clear(0)
}

async function copyToParts({ hold, site, tally }: Working, parts: PartsFolder): Promise<void> {
  const counted = await totalOf(hold, site)
  await site.mayBring(counted.total?.bytes ?? 0)
  await hold.write({ phase: 'copying', ...counted })
  Object.assign(tally, { entries: 0, bytes: 0, dropped: 0 })
  for (const [i, { path, isMoved }] of hold.record.entries.entries()) {
    if (isMoved) continue
    const from = site.sources[i]
    if (!from) throw missing(path)
    await parts.touch()
    const copier = { owner: site.owner, tally, signal: hold.signal }
    await keptYoung(parts, copyEntry({ from, to: { folder: parts.fd, name: partOf(i) }, copier }))
  }
  await syncFileSystem(site.to.fd, hold.signal)
  for (const [i, { name, isMoved }] of hold.record.entries.entries()) {
    if (isMoved) continue
    if (hold.record.onConflict === 'refuse') insistFree(site, name)
    const identity = identityAt({ folder: parts.fd, name: partOf(i) })
    if (identity === undefined) throw refusal(409, 'entry-changed', `The copy of "${name}" was removed while it was made.`)
    change(hold, i, { identity })
  }
  await hold.write({ phase: 'naming', entries: hold.record.entries, ...progressOf(tally) })
}

const youngMs = 3600_000

/** What is worked on for more than a week is not swept as abandoned. */
async function keptYoung(parts: PartsFolder, work: Promise<void>): Promise<void> {
  const timer = setInterval(() => void parts.touch().catch(() => undefined), youngMs)
  await work.finally(() => clearInterval(timer))
}

/** What is to do, where it can be counted in some seconds. */
async function totalOf({ record, signal }: Hold, { sources }: Site): Promise<Pick<JobRecord, 'total'>> {
  const until = performance.now() + countingMs
  const total = { entries: 0, bytes: 0 }
  for (const [i, source] of sources.entries()) {
    if (!source || record.entries[i]?.isMoved) continue
    const counted = await count(source, () => performance.now() < until && !signal.aborted)
    if (!counted.isComplete) return {}
    total.entries += counted.entries
    total.bytes += counted.bytes
  }
  return { total }
}

async function takeNames({ hold, site }: Working, parts: PartsFolder): Promise<void> {
  hold.commit()
  for (const [i, { identity, isMoved, path }] of hold.record.entries.entries()) {
    if (isMoved) continue
    const from = { folder: parts.fd, name: partOf(i) }
    // Another replica gave it its name, and ended before it could tell.
    if (identityAt(from) === identity) await take({ hold, site, index: i, from, aside: asideIn(hold, asideOf(i)) })
    else if (identityAt({ folder: site.to.fd, name: entryOf(hold, i).name }) !== identity)
      throw refusal(409, 'entry-changed', `The copy of "${path}" was removed before it had its name.`)
  }
  await syncFolder(site.to.fd)
  await hold.write({ phase: hold.record.kind === 'move' ? 'removing' : 'finished' })
}

async function removeOriginals({ hold, site }: Working): Promise<void> {
  hold.commit()
  let stay = 0
  for (const [i, { identity, isMoved, name }] of hold.record.entries.entries()) {
    const source = site.sources[i]
    if (isMoved || !source) continue
    const copy = { folder: site.to.fd, name }
    if (identityAt(source) !== undefined) stay += identityAt(copy) === identity ? await removeCopied(source, copy) : 1
  }
  const detail = `All was moved, but ${stay} ${stay === 1 ? 'entry' : 'entries'} changed or came meanwhile: they stay where they were, too.`
  await hold.write({ phase: 'finished', ...(stay > 0 && { detail }) })
}

interface Taking {
  hold: Hold
  site: Site
  index: number
  from: Parameters<typeof settle>[0]
  aside: string | undefined
}

/** Gives an entry its name, or the next that is free where its user wants that; a name is recorded before it is taken. */
async function take({ hold, site, index, from, aside }: Taking): Promise<void> {
  for (;;) {
    try {
      return await settle(from, { folder: site.to.fd, name: entryOf(hold, index).name }, { aside })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || hold.record.onConflict !== 'rename') throw error
      const others = new Set(hold.record.entries.filter((_, i) => i !== index).map(({ name }) => name))
      change(hold, index, { name: freeIn(site.to.fd, entryOf(hold, index).name, others) })
      await hold.write({ entries: hold.record.entries })
    }
  }
}

/** A name that nothing in a folder has, nor any of these others. */
export function freeIn(folder: number, name: string, others: ReadonlySet<string>): string {
  return unused(name, { has: (one) => others.has(one) || identityAt({ folder, name: one }) !== undefined })
}

function insistFree(site: Site, name: string): void {
  if (identityAt({ folder: site.to.fd, name }) !== undefined)
    throw refusal(409, 'entry-exists', `There is an entry "${name}" already.`)
}

function asideIn({ record }: Hold, name: string): string | undefined {
  return record.onConflict === 'replace' ? name : undefined
}

function entryOf({ record }: Hold, index: number): JobRecord['entries'][number] {
  const entry = record.entries[index]
  if (!entry) throw new Error(`A job without entry ${index}`)
  return entry
}

function change(hold: Hold, index: number, to: Partial<JobRecord['entries'][number]>): void {
  Object.assign(entryOf(hold, index), to)
}

/** How far it is, as it is recorded. */
export function progressOf({ entries, bytes, dropped }: Tally): Pick<JobRecord, 'done' | 'dropped'> {
  return { done: { entries, bytes }, dropped }
}
