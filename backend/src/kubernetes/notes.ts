import { labels } from '@karvdash/common'
import type { KubeObject, Metadata } from './objects.ts'

/** The label that says what one of the platform's own Secrets holds. */
const holds = 'karvdash.io/holds'

/** Selects the platform's Secrets that hold these. */
export function holding(...marks: string[]): string {
  return marks.length === 1 ? `${holds}=${marks[0]}` : `${holds} in (${marks.join(', ')})`
}

/** Where one is kept; with a resourceVersion it replaces just that version. */
export type NotePlace = Omit<Metadata, 'labels'> & { labels?: Record<string, string> }

/** A Secret in which the platform notes something down for all its replicas; who reads it finds `data` as it is given here. */
export function noteSecret(mark: string, place: NotePlace, data: Record<string, string | Buffer> = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...place, labels: { [labels.managedBy]: 'karvdash', [holds]: mark, ...place.labels } },
    type: `karvdash.io/${mark}`,
    data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString('base64')])),
  }
}

/** What a Secret has under a name; undefined where there is none. */
export function noted(secret: KubeObject | undefined, name: string): Buffer | undefined {
  const value = (secret?.['data'] as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined
}
