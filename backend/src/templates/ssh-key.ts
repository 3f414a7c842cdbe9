import { createECDH, createPrivateKey, hkdfSync } from 'node:crypto'

/** A key pair as OpenSSH reads it. */
export interface SshKey {
  /** PEM (SEC 1). */
  private: string
  /** One line, as in `authorized_keys`. */
  public: string
}

/** "ecdsa-sha2-nistp256" (RFC 5656 §3.1) is the one kind that Node and every OpenSSH write and read alike. */
const kind = 'ecdsa-sha2-nistp256'

/** The key pair of a service: the same one for the same secret, so that it stays through updates. */
export function sshKeyOf(secret: string): SshKey {
  const pair = createECDH('prime256v1')
  const seed = hkdfSync('sha256', secret, '', 'karvdash ssh key', 32)
  // Fails for a seed that is 0 or beyond the curve's order: one of 2^32 secrets, of which nobody ever meets one.
  pair.setPrivateKey(Buffer.from(seed))
  const point = pair.getPublicKey()
  const encoded = (part: Buffer) => part.toString('base64url')
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: encoded(pair.getPrivateKey()),
      x: encoded(point.subarray(1, 33)),
      y: encoded(point.subarray(33)),
    },
  })
  const blob = Buffer.concat([kind, 'nistp256', point].map(sshString))
  return { private: key.export({ format: 'pem', type: 'sec1' }).toString(), public: `${kind} ${blob.toString('base64')}` }
}

/** "string": its length as a uint32, then its bytes (RFC 4251 §5). */
function sshString(part: string | Buffer): Buffer {
  const bytes = Buffer.from(part)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
