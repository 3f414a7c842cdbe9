import type { Archive } from '../archive/archive.ts'
import { type Blob, type Document, digestOf, type Layer } from '../archive/images.ts'
import { outgoing } from '../archive/outgoing.ts'
import type { Registry } from '../client.ts'
import { type Known, learn } from './known.ts'
import type { Target } from './names.ts'
import type { LayerProgress, Tally } from './tally.ts'

/** Images on their way. */
export interface Delivery {
  archive: Archive
  targets: readonly Target[]
  registry: Registry
  known: Known
  tally: Tally
  signal: AbortSignal
  /** Has a large layer recorded at once when it was sent. */
  onSent: (bytes: number) => Promise<void>
}

/** Layers, each with the repositories that still lack it. */
type Missing = Map<Layer, string[]>

/**
 * Brings the registry all that images are made of, and their manifests by digest: of that nobody sees anything. What is there already stays; done again
 * after it broke off, it goes on.
 * @throws Problem 422 for what is not what its digest says, 503, 507, 403.
 */
export async function deliver(delivery: Delivery): Promise<void> {
  const missing = await missingOf(delivery)
  while (missing.size > 0) await sendAll(missing, delivery)
  for (const { image, names } of delivery.targets)
    for (const repository of new Set(names.map((name) => name.repository))) {
      for (const { digest, content } of image.configurations) await sendSmall(repository, { digest, content }, delivery)
      for (const document of documentsOf(delivery, image))
        await delivery.registry.putManifest(repository, document.digest, document)
    }
}

/** The manifests of an image whose layers are all in the registry. */
export function documentsOf({ tally }: Pick<Delivery, 'tally'>, image: Target['image']): Document[] {
  return image.manifests((diffId) => {
    const blob = tally.sent.get(diffId)
    if (!blob) throw new Error(`Nothing is known of the layer ${diffId}`)
    return blob
  })
}

async function missingOf(delivery: Delivery): Promise<Missing> {
  const missing: Missing = new Map()
  for (const { layer, repositories } of layersOf(delivery.targets)) {
    const lacking: string[] = []
    let state: 'there' | 'mounted' = 'there'
    for (const repository of repositories) {
      delivery.signal.throwIfAborted()
      const how = await takenOver(layer, repository, delivery)
      if (how === undefined) lacking.push(repository)
      else if (how === 'mounted') state = how
    }
    if (lacking.length > 0) missing.set(layer, lacking)
    tell(delivery.tally.layers.get(layer.digest), lacking.length > 0 ? 'waiting' : state)
  }
  return missing
}

function tell(progress: LayerProgress | undefined, state: 'waiting' | 'there' | 'mounted'): void {
  if (progress && state === 'waiting') Object.assign(progress, { state, done: 0 })
  else if (progress && progress.state !== 'sent') Object.assign(progress, { state, done: progress.bytes })
}

function layersOf(targets: readonly Target[]): { layer: Layer; repositories: Set<string> }[] {
  const all = new Map<string, { layer: Layer; repositories: Set<string> }>()
  for (const { image, names } of targets)
    for (const layer of image.layers) {
      const one = all.get(layer.digest) ?? { layer, repositories: new Set() }
      for (const { repository } of names) one.repositories.add(repository)
      all.set(layer.digest, one)
    }
  return [...all.values()]
}

/** Whether a repository has a layer already, or gets it from another; undefined where it has to be sent. */
async function takenOver(
  layer: Layer,
  repository: string,
  { known, tally, registry }: Delivery,
): Promise<'there' | 'mounted' | undefined> {
  const blob = knownBlob(layer, known)
  if (!blob) return undefined
  const found = () => tally.sent.set(layer.digest, { ...blob, repository })
  if ((await registry.hasBlob(repository, blob.digest)) === blob.bytes) return found() && 'there'
  for (const from of known.places.get(blob.digest) ?? [])
    if (from !== repository && (await registry.mountBlob(repository, blob.digest, from))) return found() && 'mounted'
  return undefined
}

function knownBlob({ digest, file, isDiff }: Layer, known: Known): Blob | undefined {
  return isDiff ? known.blobs.get(digest) : { digest, bytes: file.size, packing: 'as-is' }
}

/** Sends what is missing, each layer to one repository that lacks it; the others take it over from there, or get it next time. */
async function sendAll(missing: Missing, delivery: Delivery): Promise<void> {
  const { archive, registry, signal } = delivery
  const waiting = new Map([...missing.keys()].map((layer) => [layer.file.offset, layer]))
  const files = [...waiting.values()].map(({ file }) => file)
  for await (const { file, content } of archive.contents(files, signal)) {
    const layer = waiting.get(file.offset)
    const [repository, ...others] = (layer && missing.get(layer)) ?? []
    if (!layer || repository === undefined) continue
    const { digest } = await send(layer, content, { ...delivery, repository })
    const lacking: string[] = []
    for (const other of others) if (!(await registry.mountBlob(other, digest, repository))) lacking.push(other)
    if (lacking.length > 0) missing.set(layer, lacking)
    else missing.delete(layer)
  }
}

async function send(layer: Layer, content: AsyncIterable<Buffer>, delivery: Delivery & { repository: string }): Promise<Blob> {
  const { registry, tally, known, repository, signal } = delivery
  const progress = tally.layers.get(layer.digest) ?? { done: 0, state: 'waiting' }
  Object.assign(progress, { state: 'sending', done: 0 })
  const onRead = (bytes: number) => {
    progress.done += bytes
  }
  const going = outgoing(layer, content, { signal, onRead })
  await registry.putBlob(repository, going.content, { digest: () => going.blob().digest, signal })
  const blob = going.blob()
  Object.assign(progress, { state: 'sent' })
  tally.sent.set(layer.digest, { ...blob, repository })
  learn(known, layer.digest, { ...blob, repository })
  await delivery.onSent(layer.file.size)
  return blob
}

async function sendSmall(
  repository: string,
  { digest, content }: { digest: string; content: Buffer },
  { registry, signal }: Delivery,
): Promise<void> {
  if ((await registry.hasBlob(repository, digest)) !== undefined) return
  async function* all() {
    yield content
  }
  await registry.putBlob(repository, all(), { digest: () => digestOf(content), signal })
}
