import type { ImageAddition, ImageTag } from './images.ts'

const phases = {
  queued: 'Waits for its turn',
  reading: 'Reading the archive',
  sending: 'Adding',
  tagging: 'Naming',
  finished: 'Added',
  failed: 'Not added',
  cancelled: 'Cancelled',
} as const

/** Where an addition stands, in a few words; how much of it is done stands beside it. */
export function additionWords({ phase, layers, detail }: Pick<ImageAddition, 'phase' | 'layers' | 'detail'>): string {
  const there = layers.filter(({ state }) => state === 'there' || state === 'mounted').length
  const done = layers.filter(({ state }) => state !== 'waiting' && state !== 'sending').length
  const count = phase === 'sending' || phase === 'finished' ? [`${done} of ${layers.length} layers`] : []
  const skipped = there > 0 && count.length > 0 ? [`${there} the registry had`] : []
  return [phases[phase], ...count, ...skipped, ...(detail === undefined ? [] : [detail])].join(' · ')
}

/** Whether nothing more comes of an addition. */
export function isAdditionOver({ phase }: Pick<ImageAddition, 'phase'>): boolean {
  return phase === 'finished' || phase === 'failed' || phase === 'cancelled'
}

/** What an image is for: `linux/amd64, linux/arm64/v8`. */
export function platformWords({ platforms }: Pick<ImageTag, 'platforms'>): string {
  return platforms.map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/')).join(', ')
}

/** What a pull transfers at most: that of the platform for which it is most. */
export function pullBytes({ platforms }: Pick<ImageTag, 'platforms'>): number {
  return Math.max(0, ...platforms.map(({ bytes }) => bytes))
}
