import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signs short statements, each for one purpose alone. */
export interface Signer {
  sign(purpose: string, claim: object): string
  /** Reads a statement signed for this purpose; undefined where the signature is not ours. */
  verify(purpose: string, text: string): unknown
  /** A keyed hash of a text, for one purpose alone. */
  mac(purpose: string, text: string): Buffer
}

/** Makes a signer (HMAC-SHA-256) of at least 32 random bytes, the same on every replica. */
export function createSigner(key: Buffer): Signer {
  const mac = (purpose: string, text: string) => createHmac('sha256', key).update(`${purpose}\0${text}`).digest()
  return {
    mac,
    sign(purpose, claim) {
      const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
      return `${text}.${mac(purpose, text).toString('base64url')}`
    },
    verify(purpose, signed) {
      const [text = '', signature = ''] = signed.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = mac(purpose, text)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
      return JSON.parse(Buffer.from(text, 'base64url').toString())
    },
  }
}
