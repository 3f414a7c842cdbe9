import { createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { unauthenticated } from '@karvdash/common'
// jose writes and reads JSON Web Tokens: without dependencies, by the author of openid-client, which brings it along anyway.
import { jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import type { RegistryKeys } from './keys.ts'

/** What a token lets its holder do with one thing (distribution, "Token Authentication Implementation": the claim `access`). */
export const TokenAccess = z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })
export type TokenAccess = z.infer<typeof TokenAccess>

/** Who may do what for the next five minutes. */
export interface TokenClaim {
  /** A user; `karvdash`, which is no user's name, where it is the platform itself. */
  subject: string
  access: TokenAccess[]
}

export interface SignedToken {
  token: string
  issuedAt: string
  lifetimeSeconds: number
}

/** Tokens by which a registry lets people in. */
export interface RegistryTokens {
  sign(claim: TokenClaim): Promise<SignedToken>
  /** What a token of ours lets its holder do. @throws Problem 401 where it is forged, over, or for another registry. */
  verify(token: string): Promise<TokenClaim>
}

export interface RegistryTokensPorts {
  keys: Pick<RegistryKeys, 'rootCertificate' | 'rootKey'>
  /** The registry, as it stands in references: the audience. */
  host: string
  clock?: () => number
}

/** Who signs, as the registry's configuration in the chart says too. */
const issuer = 'karvdash'
const algorithm = 'ES256'
const lifetimeSeconds = 300
/** A clock that is a little behind. */
const leewaySeconds = 60
/** Before the certificate ends. */
const renewalMs = 2 * 86_400_000

interface Leaf {
  key: KeyObject
  /** The certificate in DER, base64 (RFC 7515 §4.1.6). */
  x5c: string
  /** ms since 1970. */
  until: number
}

/**
 * Signs with a key of this replica's own, which the root certifies and which is made anew long before that ends. Distribution looks the key up in the
 * header `x5c` and the root in its `rootcertbundle`; 2.8 wants `aud` to be one text.
 */
export function createRegistryTokens({ keys, host, clock = Date.now }: RegistryTokensPorts): RegistryTokens {
  let current: Leaf | undefined
  let making: Promise<Leaf> | undefined
  async function leaf(): Promise<Leaf> {
    if (current && current.until - clock() > renewalMs) return current
    making ??= makeLeafOf(keys, clock()).finally(() => {
      making = undefined
    })
    current = await making
    return current
  }
  return {
    async sign({ subject, access }) {
      const { key, x5c } = await leaf()
      const seconds = Math.floor(clock() / 1000)
      const token = await new SignJWT({ access })
        .setProtectedHeader({ typ: 'JWT', alg: algorithm, x5c: [x5c] })
        .setIssuer(issuer)
        .setSubject(subject)
        .setAudience(host)
        .setIssuedAt(seconds)
        .setNotBefore(seconds - leewaySeconds)
        .setExpirationTime(seconds + lifetimeSeconds)
        .setJti(randomUUID())
        .sign(key)
      return { token, lifetimeSeconds, issuedAt: new Date(seconds * 1000).toISOString() }
    },
    async verify(token) {
      const options = { issuer, audience: host, algorithms: [algorithm], currentDate: new Date(clock()) }
      const wanted = { ...options, clockTolerance: leewaySeconds, requiredClaims: ['exp', 'nbf', 'sub'] }
      const isBy = ({ x5c }: { x5c?: string[] }) => certified(x5c, keys.rootCertificate, clock())
      const { payload } = await jwtVerify(token, isBy, wanted).catch((cause: unknown) => {
        throw notValid(cause)
      })
      const read = z.object({ sub: z.string(), access: z.array(TokenAccess) }).safeParse(payload)
      if (!read.success) throw notValid(read.error)
      return { subject: read.data.sub, access: read.data.access }
    },
  }
}

async function makeLeafOf({ rootCertificate, rootKey }: RegistryTokensPorts['keys'], now: number): Promise<Leaf> {
  const { makeLeaf } = await import('./make-token-certificates.ts')
  const { certificate, key } = await makeLeaf({ certificate: rootCertificate, key: rootKey }, now)
  const read = new X509Certificate(certificate)
  return { key: createPrivateKey(key), x5c: read.raw.toString('base64'), until: Date.parse(read.validTo) }
}

/** The key of a certificate that the root signed, and that holds now. What is in the header is the client's: it is no key before that. */
function certified(x5c: unknown, root: string, now: number): KeyObject {
  const [first] = z.tuple([z.string().max(8192)]).parse(x5c)
  const certificate = new X509Certificate(Buffer.from(first, 'base64'))
  const by = new X509Certificate(root)
  const holds = Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo)
  if (certificate.ca || !holds || !certificate.checkIssued(by) || !certificate.verify(by.publicKey))
    throw new Error('The certificate of the token is not by the root')
  return certificate.publicKey
}

function notValid(cause: unknown) {
  const problem = unauthenticated('The registry’s token is not valid, or not any more. Log in again.')
  problem.cause = cause
  return problem
}
