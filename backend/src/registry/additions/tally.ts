import type { ImageAddition } from '@karvdash/common'
import type { ArchivedImage } from '../archive/images.ts'
import type { AdditionRecord, SentBlob } from './record.ts'

/** How far a layer is. */
export type LayerProgress = ImageAddition['layers'][number]

/** How far an addition is. */
export interface Tally {
  /** By digest in the archive. */
  layers: Map<string, LayerProgress>
  sent: Map<string, SentBlob>
  /** What it waits for. */
  detail?: string | undefined
}

const mostShown = 200
const mostRemembered = 1_000
const atWork: LayerProgress['state'][] = ['sending', 'waiting', 'sent', 'mounted', 'there']

/** As it was recorded. */
export function tallyOf({ layers, sent }: AdditionRecord): Tally {
  return { layers: new Map(layers.map((layer) => [layer.digest, { ...layer }])), sent: new Map(Object.entries(sent)) }
}

/** As it is recorded. */
export function progressOf({ layers, sent, detail }: Tally): Pick<AdditionRecord, 'layers' | 'done' | 'sent' | 'detail'> {
  const all = [...layers.values()]
  const shown = all.length <= mostShown ? all : all.sort(byWork).slice(0, mostShown)
  return {
    layers: shown.map((layer) => ({ ...layer })),
    done: { bytes: all.reduce((sum, { done }) => sum + done, 0) },
    sent: Object.fromEntries([...sent].slice(-mostRemembered)),
    detail,
  }
}

function byWork(a: LayerProgress, b: LayerProgress): number {
  return atWork.indexOf(a.state) - atWork.indexOf(b.state)
}

/** All layers of these images, none of them sent. */
export function waitingLayers(images: readonly ArchivedImage[]): Tally['layers'] {
  const all = images.flatMap(({ layers }) => layers)
  return new Map(all.map(({ digest, file }) => [digest, { digest, bytes: file.size, done: 0, state: 'waiting' }]))
}
