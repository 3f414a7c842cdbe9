import { Problem } from '@karvdash/common'
import type { Craft } from '../../jobs/craft.ts'
import type { Hold } from '../../jobs/hold.ts'
import type { OpenDomain } from '../../storage/jobs/site.ts'
import type { Registry } from '../client.ts'
import { areThere, insistOnRights } from './check.ts'
import { type Delivery, deliver, documentsOf } from './deliver.ts'
import { knownBy, learnOwn } from './known.ts'
import { type Target, targetsOf, wordsOf } from './names.ts'
import { patiently } from './patience.ts'
import { type ReadFile, readImages } from './reading.ts'
import type { AdditionRecord } from './record.ts'
import { progressOf, type Tally, tallyOf, waitingLayers } from './tally.ts'

export interface WorkPorts {
  registry: Registry
  open: OpenDomain
  /** What the user is by now. */
  roleOf: (user: string) => 'user' | 'admin'
  /** What is known of all additions. */
  records: () => Iterable<AdditionRecord>
  wait: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Told of each addition that was done. */
  onAdded: (record: AdditionRecord) => Promise<void>
}

interface Adding extends WorkPorts {
  hold: Hold<AdditionRecord>
  tally: Tally
}

/** So large is what is not compressed again for nothing. */
const largeBytes = 16 * 1024 * 1024

/** How images are added. */
export function createCraft(ports: WorkPorts): Craft<AdditionRecord, Tally> {
  return { tallyOf, progressOf, work: (hold, tally) => add({ ...ports, hold, tally }) }
}

async function add(adding: Adding): Promise<void> {
  const { hold } = adding
  hold.signal.throwIfAborted()
  if (hold.record.phase !== 'tagging') await bring(adding)
  if (hold.record.phase === 'tagging') await tagAll(adding)
}

/** All but the tags, of which there are none to be written where the names stand for these images already. */
async function bring(adding: Adding): Promise<void> {
  const { hold, tally, open } = adding
  const { signal, record } = hold
  await hold.write({ phase: 'reading' })
  await using read = await readImages({ open, signal, user: record.user, from: record.from }, record.etag)
  const targets = targetsOf(read.set, record.as, record.user)
  tally.layers = waitingLayers(read.set.images)
  const bytes = [...tally.layers.values()].reduce((sum, layer) => sum + layer.bytes, 0)
  const names = targets.flatMap((target) => target.names.map(wordsOf))
  await hold.write({ names, etag: read.etag, total: { bytes }, ...progressOf(tally) })
  await waiting(adding, async () => {
    await insistAll(adding, targets)
    if (await areThere(targets, record, { ...adding, digestOf: ({ digest }) => digest }))
      await finish(adding, 'These images are there already: nothing was to be done.')
    else await sendAndCheck(adding, targets, read)
  })
}

async function sendAndCheck(adding: Adding, targets: Target[], { archive }: ReadFile): Promise<void> {
  const { hold, tally, registry } = adding
  await hold.write({ phase: 'sending' })
  const known = knownBy([...adding.records(), { sent: Object.fromEntries(tally.sent) }])
  const repositories = new Set(targets.flatMap(({ names }) => names.map((name) => name.repository)))
  const areDiffs = targets.some(({ image }) => image.digest === undefined)
  if (areDiffs) for (const repository of repositories) await learnOwn(known, repository, { user: hold.record.user, registry })
  const onSent = async (bytes: number) => {
    if (bytes >= largeBytes) await hold.renew(progressOf(tally))
  }
  const delivery: Delivery = { archive, targets, registry, known, tally, signal: hold.signal, onSent }
  await deliver(delivery)
  const digestOf = (image: Target['image']) => documentsOf(delivery, image).at(-1)?.digest
  await insistAll(adding, targets)
  await areThere(targets, hold.record, { registry, digestOf })
  const tags = targets.flatMap(({ image, names }) => names.map((name) => ({ ...name, digest: digestOf(image) ?? '' })))
  await hold.write({ phase: 'tagging', tags, ...progressOf(tally) })
}

/** Whoever began it must still be allowed to. @throws Problem 403. */
async function insistAll({ hold, registry, roleOf }: Adding, targets: Target[]): Promise<void> {
  const { user, role, overwrite } = hold.record
  const now = role === 'admin' && roleOf(user) === 'admin' ? 'admin' : 'user'
  await insistOnRights(
    targets.flatMap(({ names }) => names),
    { user, overwrite, role: now },
    registry,
  )
}

/** Everything is in the registry: now it is seen. From here on there is no way back. */
async function tagAll(adding: Adding): Promise<void> {
  const { hold, registry } = adding
  hold.commit()
  await waiting(adding, async () => {
    for (const { repository, tag, digest } of hold.record.tags) {
      const manifest = await registry.manifest(repository, digest)
      if (!manifest)
        throw new Problem(409, 'Conflict', { detail: `${repository} lost the image while it was added. Add it again.` })
      await registry.putManifest(repository, tag, manifest)
    }
  })
  await finish(adding)
}

/** What goes wrong from here on changes nothing about the images. */
async function finish(adding: Adding, detail?: string): Promise<void> {
  const { hold, tally } = adding
  const stays = hold.record.removeFile ? await removed(adding) : undefined
  const words = [detail, stays].filter((one) => one !== undefined).join(' ')
  await adding.onAdded(hold.record)
  await hold.write({ ...progressOf(tally), phase: 'finished', tags: [], detail: words === '' ? undefined : words })
}

async function removed({ hold, open }: Adding): Promise<string | undefined> {
  const { user, from, etag } = hold.record
  try {
    const { root } = await open(user, from.domain)
    await root.remove(from.path, { conditions: { ifMatch: etag === undefined ? undefined : [etag] } })
    return undefined
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined
    return 'The file stays where it was: it changed meanwhile, or cannot be removed.'
  }
}

async function waiting({ hold, tally, wait }: Adding, act: () => Promise<void>): Promise<void> {
  await patiently(act, {
    ...{ wait, signal: hold.signal, done: () => tally.sent.size },
    onWait: () => {
      tally.detail = 'The registry does not answer. This goes on when it does, or ends after some minutes.'
    },
  })
  tally.detail = undefined
}
