import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's first choice for Argon2id: 19 MiB, 2 passes, 1 lane. */
const current = { memory: 19_456, passes: 2, parallelism: 1 }
const tagBytes = 32
const phcForm = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Hashes a password; the result is a PHC string that tells its own parameters. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const { memory, passes, parallelism } = current
  const tag = await derive('argon2id', { message: password, nonce, memory, passes, parallelism, tagLength: tagBytes })
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

/** Whether the password is the one that was hashed; takes as long either way, also for nobody and for somebody without a password (''). */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = phcForm.exec(hash || (await decoy())) ?? []
  const expected = Buffer.from(tag, 'base64')
  if (expected.length !== tagBytes) return false
  const found = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: tagBytes,
  })
  return timingSafeEqual(found, expected) && hash !== undefined && hash !== ''
}

let decoyHash: Promise<string> | undefined

/** A hash nobody's password has: an unknown user costs the same time as a wrong password. */
function decoy(): Promise<string> {
  decoyHash ??= hashPassword(randomBytes(24).toString('hex'))
  return decoyHash
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
