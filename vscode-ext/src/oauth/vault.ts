import * as z from 'zod'
import type { Tokens } from './endpoints.ts'
import { base64url, bytesOf } from './pkce.ts'

/** Where a text can be kept that all windows see as it is. */
export interface Medium {
  get(): Promise<string | undefined>
  set(text: string): Promise<void>
  remove(): Promise<void>
}

/** Keeps tokens that change every few minutes, under a key that stays. */
export interface Vault {
  /** undefined: nothing is kept, or under another key. */
  read(key: string): Promise<Tokens | undefined>
  write(key: string, tokens: Tokens): Promise<void>
  clear(): Promise<void>
}

const Kept = z.object({ access: z.string(), refresh: z.string(), expiresAt: z.number() })
const ivBytes = 12

/** A vault in a medium that others may read: what is there is sealed with AES-GCM. */
export function createVault(medium: Medium): Vault {
  return {
    async read(key) {
      const sealed = await medium.get()
      return sealed === undefined ? undefined : open(key, sealed).catch(() => undefined)
    },
    write: async (key, tokens) => medium.set(await seal(key, tokens)),
    clear: () => medium.remove(),
  }
}

async function seal(key: string, tokens: Tokens): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
  const text = new TextEncoder().encode(JSON.stringify(tokens))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await imported(key), text)
  return base64url(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
}

async function open(key: string, text: string): Promise<Tokens> {
  const bytes = bytesOf(text)
  const [iv, sealed] = [bytes.slice(0, ivBytes), bytes.slice(ivBytes)]
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await imported(key), sealed)
  return Kept.parse(JSON.parse(new TextDecoder().decode(opened)))
}

function imported(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}
