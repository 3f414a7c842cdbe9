import { createHash } from 'node:crypto'

/** How a secret is kept: a SHA-256 hash is enough for 160 random bits. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
