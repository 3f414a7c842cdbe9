import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** Signs short statements, each for one purpose alone. */
export interface Signer {
  sign(purpose: string, claim: object): string
  /** Reads a statement signed for this purpose; undefined where the signature is not ours. */
  verify(purpose: string, text: string): unknown
  /** A statement that nobody else can read either, in letters, digits, `-` and `_`. */
  seal(purpose: string, claim: object): string
  /** Reads a sealed statement of this purpose; undefined where it is not ours. */
  unseal(purpose: string, sealed: string): unknown
  /** A keyed hash of a text, for one purpose alone. */
  mac(purpose: string, text: string): Buffer
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Makes a signer (HMAC-SHA-256; sealing: AES-256-GCM under a key for each purpose) of at least 32 random bytes, the same on every replica. */
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
    seal(purpose, claim) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, mac('seal', purpose), nonce)
      const text = Buffer.concat([cipher.update(JSON.stringify(claim)), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },
    unseal(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < nonceBytes + tagBytes) return undefined
      const decipher = createDecipheriv(algorithm, mac('seal', purpose), bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
        return JSON.parse(text.toString())
      } catch {
        return undefined
      }
    },
  }
}
