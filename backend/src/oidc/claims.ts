import { forbidden, isReservedUserName, type Problem, UserName } from '@karvdash/common'
import * as z from 'zod'

/** Which claims of the institute's provider say what. */
export const ClaimMapping = z.strictObject({
  username: z.string().default('preferred_username'),
  email: z.string().default('email'),
  displayName: z.string().default('name'),
  groups: z.string().default('groups'),
  /** Whoever is in it is an admin, and nobody else is; empty leaves roles to admins here. */
  adminGroup: z.string().default(''),
})
export type ClaimMapping = z.infer<typeof ClaimMapping>

/** Somebody whom the provider vouches for. */
export interface ExternalPerson {
  /** `<issuer> <sub>`: the one claim that never changes and is never given again (OpenID Connect Core §5.7). */
  subject: string
  /** The name that the provider has for them; it may not be one that can be had here. */
  username: string
  email: string
  displayName: string
  /** Undefined where roles are left to admins here. */
  role: 'user' | 'admin' | undefined
}

const text = z.string().max(500).catch('')

/** Reads what a provider says of somebody. */
export function personOf(claims: Record<string, unknown> & { iss: string; sub: string }, mapping: ClaimMapping): ExternalPerson {
  const groups = z.array(z.string()).catch([]).parse(claims[mapping.groups])
  const { adminGroup } = mapping
  return {
    subject: `${claims.iss} ${claims.sub}`,
    username: text.parse(claims[mapping.username]),
    email: text.parse(claims[mapping.email]).slice(0, 254),
    displayName: text.parse(claims[mapping.displayName]).replace(/\p{C}/gu, '').slice(0, 100),
    role: adminGroup === '' ? undefined : groups.includes(adminGroup) ? 'admin' : 'user',
  }
}

/** The username that somebody gets here: theirs as it is, or none. @throws Problem 403 with what to do. */
export function usernameFor({ username }: ExternalPerson): string {
  if (UserName.safeParse(username).success && !isReservedUserName(username)) return username
  throw refusal(
    'name',
    `Your name there, "${username.slice(0, 60)}", cannot be a username here: it takes up to 30 lower-case letters and digits, and some names are the platform's.`,
  )
}

/** Why somebody whom the provider vouches for is not let in; `why` is a word for the page. */
export function refusal(why: 'name' | 'taken' | 'inactive' | 'failed', detail: string): Problem {
  const problem = forbidden(`${detail} Ask an administrator.`)
  problem.extra['why'] = why
  return problem
}
