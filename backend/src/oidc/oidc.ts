import { randomBytes } from 'node:crypto'
import * as client from 'openid-client'
import * as z from 'zod'
import type { Signer } from '../users/signer.ts'
import { type ClaimMapping, type ExternalPerson, personOf, refusal } from './claims.ts'

/** Sign-in by an institute's own provider (OpenID Connect, code flow with PKCE). */
export interface Oidc {
  /** What the button says. */
  label: string
  /** Where the browser goes, and the cookie that binds the answer to it. */
  begin(next: string): Promise<{ location: string; cookie: string }>
  /** Who came back, and where they were going. @throws Problem 403. */
  finish(query: string, cookie: string): Promise<{ person: ExternalPerson; next: string }>
}

export interface OidcOptions {
  issuer: string
  clientId: string
  clientSecret: string
  label: string
  scopes: string
  claims: ClaimMapping
  /** The dashboard's own origin. */
  origin: string
  signer: Signer
  clock?: () => number
}

/** Where the provider sends browsers back to. */
export const callbackPath = '/sign-in/external/callback'

const lifetimeMs = 600_000
const Pending = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string(), until: z.number() })

/** Makes it; the provider is asked for its metadata when somebody signs in first, and again if that failed. */
export function createOidc(options: OidcOptions): Oidc {
  const { issuer, clientId, clientSecret, label, scopes, claims, origin, signer, clock = Date.now } = options
  let discovered: Promise<client.Configuration> | undefined
  const configuration = () => {
    discovered ??= client.discovery(new URL(issuer), clientId, clientSecret).catch((cause: unknown) => {
      discovered = undefined
      throw Object.assign(refusal('failed', 'The sign-in of your institute cannot be reached at the moment.'), { cause })
    })
    return discovered
  }
  return {
    label,
    async begin(next) {
      const [state, nonce, verifier] = [
        randomBytes(16).toString('hex'),
        randomBytes(16).toString('hex'),
        client.randomPKCECodeVerifier(),
      ]
      const location = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: origin + callbackPath,
        scope: scopes,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      const cookie = signer.sign('oidc', { state, nonce, verifier, next, until: clock() + lifetimeMs })
      return { location: location.href, cookie }
    },
    async finish(query, cookie) {
      const pending = Pending.safeParse(signer.verify('oidc', cookie))
      if (!pending.success || pending.data.until < clock()) throw refusal('failed', 'This sign-in took too long. Begin again.')
      const { state, nonce, verifier, next } = pending.data
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
      const url = new URL(`${origin}${callbackPath}?${query}`)
      const tokens = await client.authorizationCodeGrant(await configuration(), url, checks).catch((cause: unknown) => {
        throw Object.assign(refusal('failed', 'The sign-in of your institute did not work.'), { cause })
      })
      const told = tokens.claims()
      if (!told) throw refusal('failed', 'The sign-in of your institute did not say who you are.')
      return { person: personOf(told, claims), next }
    },
  }
}
