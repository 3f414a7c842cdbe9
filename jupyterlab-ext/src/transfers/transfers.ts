import { type DomainName, type EntryPlace, FilePath, type Job, type NewJob } from '@karvdash/common'
import { isTaken } from '../drive/files.ts'
import { folderOf, inside, nameOf } from '../drive/paths.ts'
import type { Jobs } from './jobs.ts'
import type { Notice, OpenNotice } from './notice.ts'
import { shortName } from './short-name.ts'

/** An entry of a domain, as JupyterLab names it. */
export interface Place {
  domain: DomainName
  path: string
}

/** What transfers need. */
export interface TransferPorts {
  jobs: Jobs
  open: OpenNotice
  sentenceOf: (failure: unknown) => string
  /** Asks whether entries that have names of these may be replaced. */
  mayReplace: (names: string[]) => Promise<boolean>
  /** Tells who shows it what has another place now. */
  announce: (domain: DomainName, change: { from?: string; to?: string }) => void
}

export type Kind = NewJob['kind']

/** As many entries as one job takes. */
const mostEntries = 100
/** What ends before anybody looked so often is not worth a word. */
const quickLooks = 2

/** Copies and moves inside and between domains: the server does them, and no byte comes through here. */
export class Transfers {
  readonly #ports: TransferPorts

  constructor(ports: TransferPorts) {
    this.#ports = ports
  }

  /** Puts entries into a folder, and tells people how far that is where it takes longer. Never throws: what failed is told. */
  async put(kind: Kind, entries: Place[], to: Place): Promise<void> {
    // What is moved to where it is stays.
    const moving = kind === 'copy' ? entries : entries.filter((one) => one.domain !== to.domain || folderOf(one.path) !== to.path)
    for (let at = 0; at < moving.length; at += mostEntries) await this.#putSome(kind, moving.slice(at, at + mostEntries), to)
  }

  /** Copies one entry; gives the name that it got. @throws Problem */
  async copyOne(entry: Place, to: Place): Promise<string> {
    const job = await this.#ports.jobs.start(jobOf('copy', [entry], to))
    const ended = await this.#followed(job)
    if (ended.phase !== 'finished') throw new Error(ended.detail ?? `${nameOf(entry.path)} was not copied.`)
    return ended.entries[0]?.name ?? nameOf(entry.path)
  }

  async #putSome(kind: Kind, entries: Place[], to: Place): Promise<void> {
    try {
      const job = await this.#started(jobOf(kind, entries, to))
      if (job) await this.#followed(job)
    } catch (failure) {
      const what = subject(entries.map(({ path }) => path))
      this.#ports.open(what, () => undefined).end(`${what} not ${done[kind]}. ${this.#ports.sentenceOf(failure)}`, 'error')
    }
  }

  async #started(job: NewJob): Promise<Job | undefined> {
    const { jobs, mayReplace } = this.#ports
    try {
      return await jobs.start(job)
    } catch (failure) {
      if (!isTaken(failure)) throw failure
      if (!(await mayReplace(job.entries.map(({ path }) => nameOf(path))))) return undefined
      return jobs.start({ ...job, onConflict: 'replace' })
    }
  }

  async #followed(job: Job): Promise<Job> {
    const controller = new AbortController()
    let notice: Notice | undefined
    let looks = 0
    const onProgress = (now: Job) => {
      looks += 1
      if (looks === quickLooks) notice = this.#ports.open(progressOf(now), () => controller.abort())
      else notice?.say(progressOf(now))
    }
    try {
      const ended = await this.#ports.jobs.follow(job, { signal: controller.signal, onProgress })
      this.#tellEnd(ended, notice)
      if (ended.phase === 'finished') this.#announce(ended)
      return ended
    } catch (failure) {
      notice?.end(`It is not known how this ended. ${this.#ports.sentenceOf(failure)}`, 'error')
      throw failure
    }
  }

  /** What ended well and soon needs no word; what did not always does. */
  #tellEnd(job: Job, shown: Notice | undefined): void {
    const { phase, kind, dropped, detail = '', to } = job
    const what = subject(job.entries.map(({ path }) => path))
    const left = dropped === 0 ? '' : ` ${dropped} FIFOs, sockets or devices were left out.`
    const notice = () => shown ?? this.#ports.open(what, () => undefined)
    if (phase === 'failed') notice().end(`${what} not ${done[kind]}. ${detail}`, 'error')
    else if (phase === 'cancelled') notice().end(`Cancelled: ${what} not ${done[kind]}.`, 'info')
    else if (detail || left) notice().end(`${what} ${done[kind]} to ${labelOf(to)}.${left} ${detail}`.trim(), 'warning')
    else shown?.end(`${what} ${done[kind]} to ${labelOf(to)}.`, 'success')
  }

  #announce({ kind, entries, to }: Job): void {
    for (const { domain, path, name } of entries) {
      const target = inside(to.path, name ?? nameOf(path))
      if (kind === 'move' && domain === to.domain) this.#ports.announce(domain, { from: path, to: target })
      else this.#ports.announce(to.domain, { to: target })
      if (kind === 'move' && domain !== to.domain) this.#ports.announce(domain, { from: path })
    }
  }
}

const done: Record<Kind, string> = { copy: 'copied', move: 'moved' }
const doing: Record<Kind, string> = { copy: 'Copying', move: 'Moving' }

/** A copy gets a name that is free; for what is moved, somebody is asked. */
function jobOf(kind: Kind, entries: Place[], to: Place): NewJob {
  const onConflict = kind === 'copy' ? 'rename' : 'refuse'
  return { kind, entries: entries.map(placeOf), to: placeOf(to), onConflict }
}

function placeOf({ domain, path }: Place): EntryPlace {
  return { domain, path: FilePath.parse(path) }
}

function progressOf({ kind, phase, entries, to, done: sofar, total }: Job): string {
  const what = entries.length === 1 ? shortName(nameOf(entries[0]?.path ?? '')) : `${entries.length} entries`
  const begun = `${doing[kind]} ${what} to ${labelOf(to)}`
  if (phase === 'queued') return begun
  if (phase === 'removing') return `${begun}: removes the originals`
  const unit = total && total.bytes === 0 ? 'entries' : 'bytes'
  if (total && total[unit] > 0) return `${begun}: ${Math.floor((100 * sofar[unit]) / total[unit])} %`
  return `${begun}: ${sofar.entries.toLocaleString('en')} entries so far`
}

function subject(paths: string[]): string {
  return paths.length === 1 ? `${shortName(nameOf(paths[0] ?? ''))} is` : `${paths.length} entries are`
}

function labelOf({ domain, path }: Place): string {
  return path === '' ? `/${domain}` : shortName(`/${domain}/${path}`)
}
