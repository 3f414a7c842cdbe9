import { readNotebook, writeNotebook } from './notebook.ts'

/** What JupyterLab asks of a file's content. */
export interface Wanted {
  type?: string | undefined
  format?: string | null | undefined
}

/** A file's content as JupyterLab holds it. */
export interface Content {
  type: 'notebook' | 'file'
  format: 'json' | 'text' | 'base64'
  mimetype: string
  content: unknown
}

/** A file is not what it was to be opened as; the message is for people. */
export class Unreadable extends Error {}

/** Bytes as JupyterLab wants them. @throws Unreadable */
export function contentOf(bytes: Uint8Array, name: string, { type, format }: Wanted): Content {
  if (type === 'notebook' || (type === undefined && format == null && name.endsWith('.ipynb'))) return notebookOf(bytes, name)
  if (format === 'base64') return binary(bytes)
  const text = decoded(bytes)
  if (text !== undefined) return { type: 'file', format: 'text', mimetype: 'text/plain', content: text }
  if (format === 'text') throw new Unreadable(`${name} is not a text: it is not encoded in UTF-8.`)
  return binary(bytes)
}

/** The bytes to write of what JupyterLab holds. @throws Unreadable */
export function bytesOf({ type, format }: Wanted, content: unknown): Uint8Array<ArrayBuffer> {
  if (type === 'notebook' || format === 'json') return encoded(notebookText(content))
  if (typeof content !== 'string') throw new Unreadable('There is nothing to save.')
  return format === 'base64' ? bytesOfBase64(content) : encoded(content)
}

/** Bytes written as base64. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function notebookOf(bytes: Uint8Array, name: string): Content {
  try {
    const content = readNotebook(decoded(bytes) ?? '')
    return { type: 'notebook', format: 'json', mimetype: '', content }
  } catch {
    throw new Unreadable(`${name} is not a notebook: it cannot be read as one.`)
  }
}

function notebookText(content: unknown): string {
  try {
    return writeNotebook(content)
  } catch {
    throw new Unreadable('This is not a notebook: it cannot be saved as one.')
  }
}

function binary(bytes: Uint8Array): Content {
  const step = 0x8000
  const parts: string[] = []
  for (let start = 0; start < bytes.length; start += step) parts.push(String.fromCharCode(...bytes.subarray(start, start + step)))
  return { type: 'file', format: 'base64', mimetype: 'application/octet-stream', content: btoa(parts.join('')) }
}

/** A byte order mark stays: what was opened and saved unchanged has the same bytes. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
