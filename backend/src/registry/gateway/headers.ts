import { Problem } from '@karvdash/common'
import * as z from 'zod'
import type { Passing } from './forward.ts'

type Headers = Record<string, string | string[] | undefined>

const sent = [
  'accept',
  'content-type',
  'content-length',
  'content-range',
  'range',
  'if-none-match',
  'if-match',
  'if-range',
  'if-modified-since',
  'user-agent',
]
const answered = [
  ...[
    'accept-ranges',
    'content-length',
    'content-range',
    'content-type',
    'docker-content-digest',
    'docker-distribution-api-version',
  ],
  ...[
    'docker-upload-uuid',
    'etag',
    'last-modified',
    'oci-filters-applied',
    'oci-subject',
    'oci-chunk-min-length',
    'range',
    'retry-after',
    'warning',
  ],
]

/** Of a client's request what the external registry may see: nothing that shows who somebody is. */
export function requestHeaders(headers: Headers): Record<string, string> {
  return only(headers, sent)
}

/** Of an answer what the client may see; the next page is at our own address. */
export function answerHeaders(headers: Headers, url: string): Record<string, string> {
  const link = single(headers['link'])
  return { ...only(headers, answered), ...(link !== undefined && { link: link.replaceAll(`<${url}/`, '</') }) }
}

interface Place {
  /** What was asked of the registry. */
  asked: URL
  passing: Pick<Passing, 'method' | 'repository'>
  seal: (place: string) => string
}

/**
 * Where the registry says that it goes on. An upload goes on through us, wherever that is at the registry; what it names in its API, too;
 * a storage beside it gives layers to whoever has the address that it signed.
 */
export function locationOf(header: string | string[] | undefined, { asked, passing, seal }: Place): { location?: string } {
  const location = single(header)
  if (location === undefined || !URL.canParse(location, asked.href)) return {}
  const place = new URL(location, asked)
  const { method, repository } = passing
  if (method === 'GET' || method === 'HEAD')
    return { location: place.origin === asked.origin ? `${place.pathname}${place.search}` : place.href }
  const isThere = /\/(?:manifests|blobs)\/[a-z0-9+._-]+:[A-Za-z0-9=_-]+$/.test(place.pathname)
  if (isThere) return { location: place.pathname }
  return { location: `/v2/${repository}/blobs/uploads/${seal(place.href)}` }
}

const Sealed = z.object({ place: z.url(), repository: z.string() })

/** The place of an upload. @throws Problem 404 for one that is none of ours, or of another repository. */
export function uploadAt(unsealed: unknown, repository: string | undefined): URL {
  const read = Sealed.safeParse(unsealed)
  if (!read.success || read.data.repository !== repository)
    throw new Problem(404, 'Not found', { detail: 'There is no such upload.' })
  return new URL(read.data.place)
}

function only(headers: Headers, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]
    }),
  )
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
