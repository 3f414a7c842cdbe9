import { gunzipSync, gzipSync } from 'node:zlib'
import { AuditEntry } from '@karvdash/common'
import * as z from 'zod'
import { holding, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'

/** Selects the Secrets that hold the audit log. */
export const auditSelector = holding('audit')

/** Far more than any chunk unpacks to: what is larger was not written by us. */
const mostUnpackedBytes = 8 * 1024 * 1024

/** A part of the audit log as the Secret that keeps it; its name sorts by time. */
export function chunkSecret(name: string, namespace: string, entries: AuditEntry[]): KubeObject {
  const packed = gzipSync(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  return noteSecret('audit', { name, namespace }, { 'entries.gz': packed })
}

/** Name of a chunk that one replica begins. */
export function chunkName(beganAtMs: number, replica: string): string {
  return `audit.${String(beganAtMs).padStart(15, '0')}.${replica.slice(-20)}`
}

/** Reads a part of the audit log. @throws where it is none. */
export function readChunk(secret: KubeObject): AuditEntry[] {
  const { 'entries.gz': packed } = z.object({ 'entries.gz': z.string() }).parse(secret['data'])
  const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostUnpackedBytes }).toString()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => AuditEntry.parse(JSON.parse(line)))
}
