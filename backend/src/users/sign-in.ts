import { createHmac, randomBytes } from 'node:crypto'
import { type TokenScope, UserName, unauthenticated } from '@karvdash/common'
import { createMemory } from '../memory.ts'
import type { Accounts } from './accounts.ts'
import { isPassword } from './passwords.ts'
import { createThrottle } from './throttle.ts'
import { isTokenForm, type Tokens } from './tokens.ts'
import type { Users } from './users.ts'

/** Somebody who says who they are. */
export interface Claimant {
  username: string
  password: string
  /** The network address it comes from. */
  address: string
}

/** Checks of names and passwords. */
export interface SignIn {
  /** Gives the username. @throws Problem 401 (the same for an unknown user and a wrong password), 429. */
  check(claimant: Claimant): Promise<string>
  /** The same for HTTP Basic, where a personal token may stand in the password's place: then its scopes hold. */
  checkBasic(claimant: Claimant): Promise<{ user: string; scopes?: TokenScope[] }>
}

export interface SignInPorts {
  accounts: Pick<Accounts, 'known'>
  users: Pick<Users, 'known'>
  tokens: Pick<Tokens, 'check'>
  clock?: () => number
}

/**
 * Checks passwords. A right one is remembered for seconds (as a keyed hash, with the stored hash it matched),
 * so that a tool that sends it with each request costs one derivation, and a changed password counts at once.
 */
export function createSignIn({ accounts, users, tokens, clock = Date.now }: SignInPorts): SignIn {
  const perAccount = createThrottle({ burst: 10, refillMs: 6_000, clock })
  const perAddress = createThrottle({ burst: 60, refillMs: 1_000, clock })
  // NIST SP 800-63B §3.2.2: no more than 100 failed tries in a row on one account, wherever they come from.
  const perName = createThrottle({ burst: 100, refillMs: 6_000, clock })
  const key = randomBytes(32)
  const remembered = createMemory<string>({ lifetimeMs: 10_000, most: 10_000, clock })

  async function check({ username, password, address }: Claimant): Promise<string> {
    const name = UserName.safeParse(username).success ? username : ''
    // From the cache alone: a call for names that are not in it would tell them from the others by its time.
    const hash = accounts.known(name)?.password
    const print = createHmac('sha256', key).update(`${name}\0${password}`).digest('base64')
    if (hash !== undefined && remembered.get(print) === hash && isActive(name)) return name
    perAddress.take(address)
    perAccount.take(`${name}\0${address}`)
    perName.take(name)
    if (!(await isPassword(password, hash)) || hash === undefined) throw unauthenticated('The username or the password is wrong.')
    if (!isActive(name)) throw unauthenticated('This user is not active. An administrator activates new users.')
    perAccount.clear(`${name}\0${address}`)
    perName.clear(name)
    remembered.set(print, hash)
    return name
  }
  async function checkBasic(claimant: Claimant) {
    if (!isTokenForm(claimant.password)) return { user: await check(claimant) }
    const bearer = await tokens.check(claimant.password)
    if (bearer.user !== claimant.username || !isActive(bearer.user)) throw unauthenticated('The username or the token is wrong.')
    return bearer
  }
  function isActive(name: string): boolean {
    return users.known(name)?.active ?? false
  }
  return { check, checkBasic }
}
