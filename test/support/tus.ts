import type { Files } from './files.ts'
import { type Answer, type Sent, send } from './send.ts'

/** Resumable uploads of somebody's, header by header. */
export interface Tus {
  /** The address at which an upload to a path begins. */
  endpoint(path: string): string
  begin(path: string, length: number | string, headers?: Record<string, string>): Promise<Answer>
  /** Begins an upload that must be let begin; gives its address. */
  begun(path: string, length: number, headers?: Record<string, string>): Promise<string>
  head(url: string): Promise<Answer>
  patch(url: string, offset: number | string, body: Sent['body'], headers?: Record<string, string>): Promise<Answer>
  end(url: string): Promise<Answer>
}

export const tusHeaders = { 'tus-resumable': '1.0.0' }
const contentType = 'application/offset+octet-stream'

/** Speaks tus as the owner of files, to whichever backend an address names. */
export function tusOf(files: Files, url: string, domain = 'local'): Tus {
  const headers = { ...files.headers, ...tusHeaders }
  const endpoint = (path: string) => `${url}/api/storage/${domain}/uploads?path=${encodeURIComponent(path)}`
  const begin: Tus['begin'] = (path, length, more = {}) =>
    send(endpoint(path), { method: 'POST', headers: { ...headers, 'upload-length': String(length), ...more } })
  return {
    endpoint,
    begin,
    async begun(path, length, more) {
      const { status, headers, text } = await begin(path, length, more)
      if (status !== 201) throw new Error(`${status} ${text}`)
      return new URL(headers['location'] ?? '', url).href
    },
    head: (upload) => send(upload, { method: 'HEAD', headers }),
    patch: (upload, offset, body, more = {}) =>
      send(upload, {
        method: 'PATCH',
        headers: { ...headers, 'upload-offset': String(offset), 'content-type': contentType, ...more },
        body,
      }),
    end: (upload) => send(upload, { method: 'DELETE', headers }),
  }
}
