import { Agent, request } from 'undici'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import { createMemory } from '../memory.ts'
import { type Authorization, basicOf, type RegistryAccess, scopeOf } from './authorization.ts'
import { boundedBytes } from './bounded.ts'
import { type Challenge, challengesOf } from './challenge.ts'
import { away, nonsense, refused } from './failures.ts'
import type { RegistryConfig } from './settings.ts'

const Token = jsonText.pipe(
  z.object({ token: z.string().optional(), access_token: z.string().optional(), expires_in: z.number().optional() }),
)
const answerBytes = 256 * 1024
const patienceMs = 20_000
const mostTokens = 1000
// "For compatibility with older clients, a token should never be returned with less than 60 seconds to live" (distribution, token authentication).
const leastSeconds = 60

export type ExternalPorts = Pick<RegistryConfig, 'url' | 'username' | 'password'> & { clock?: () => number }

/**
 * What an external registry asks for: HTTP Basic with its credentials, or tokens that a token service gives for them (RFC 6750 challenges), each
 * for what it is to be used for, and used until shortly before it expires.
 */
export function externalCredentials({ url, username, password, clock = Date.now }: ExternalPorts): Authorization {
  const basic = basicOf({ username, password })
  const tokens = createMemory<{ header: string; until: number }>({ lifetimeMs: 3600_000, most: mostTokens, clock })
  const agent = new Agent({ headersTimeout: patienceMs, bodyTimeout: patienceMs, connect: { timeout: patienceMs } })
  let service: Challenge | undefined
  const freshFor = async (access: readonly RegistryAccess[], bearer: Challenge) => {
    const begun = clock()
    const { value, seconds } = await tokenFrom(realmOf(bearer, url), { access, bearer, basic, agent })
    const token = { header: `Bearer ${value}`, until: begun + seconds * 900 }
    tokens.set(keyOf(access), token)
    return token.header
  }
  return {
    async headerFor(access) {
      const known = tokens.get(keyOf(access))
      if (known && known.until > clock()) return known.header
      return service ? freshFor(access, service) : basic
    },
    async answerTo(header, access) {
      service = challengesOf(header).find(({ scheme }) => scheme === 'bearer')
      return service && freshFor(access, service)
    },
  }
}

function keyOf(access: readonly RegistryAccess[]): string {
  return access.map(scopeOf).join(' ')
}

/** Where tokens are given. The credentials go there: over TLS, or to a registry of plain HTTP itself. */
function realmOf({ parameters }: Challenge, url: string): URL {
  const realm = parameters.get('realm') ?? ''
  if (!URL.canParse(realm)) throw nonsense('its token service has no address')
  const [to, registry] = [new URL(realm), new URL(url)]
  const isItself = to.origin === registry.origin
  if (to.protocol !== 'https:' && !isItself) throw nonsense('its token service is not reached by https')
  return to
}

interface Asked {
  access: readonly RegistryAccess[]
  bearer: Challenge
  basic: string | undefined
  agent: Agent
}

/** Asks a token service (distribution, "Token Authentication Specification"). Redirects are not followed: the credentials are for nobody else. */
async function tokenFrom(realm: URL, { access, bearer, basic, agent }: Asked): Promise<{ value: string; seconds: number }> {
  const service = bearer.parameters.get('service')
  if (service !== undefined) realm.searchParams.set('service', service)
  for (const one of access) realm.searchParams.append('scope', scopeOf(one))
  const headers = { 'user-agent': 'karvdash', ...(basic !== undefined && { authorization: basic }) }
  const answer = await request(realm, { dispatcher: agent, headers }).catch((error: unknown) => {
    throw away(error)
  })
  const text = (await boundedBytes(answer.body, answerBytes)).toString()
  if (answer.statusCode !== 200) throw refused({ status: answer.statusCode, text }, 'the platform in')
  const told = Token.safeParse(text)
  const value = told.data?.token ?? told.data?.access_token
  if (!value || !/^[\x21-\x7e]+$/.test(value)) throw nonsense('its token service gives no token')
  return { value, seconds: Math.max(told.data?.expires_in ?? leastSeconds, leastSeconds) }
}
