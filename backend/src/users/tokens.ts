import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { conflict, notFound, unauthenticated } from '@karvdash/common'
import { mostTokens } from './account.ts'
import type { Accounts } from './accounts.ts'

/** Personal tokens: what tools send as `Authorization: Bearer`. */
export interface Tokens {
  list(user: string): Promise<ShownToken[]>
  /** Makes a token; its secret is in the answer and nowhere else. */
  create(user: string, draft: { name: string; days: number }): Promise<ShownToken & { secret: string }>
  remove(user: string, id: string): Promise<void>
  /** Whose token this is. @throws Problem 401 where it is nobody's. */
  check(secret: string): Promise<string>
}

export interface ShownToken {
  id: string
  name: string
  createdAt: string
  expiresAt: string
}

/** `kvd_<user>_<id>_<secret>`: the prefix is for secret scanners, and tells the gate which credentials are ours. */
const form = /^kvd_([a-z][a-z0-9]{0,29})_([0-9a-f]{12})_([0-9a-f]{40})$/

/** Whether a credential has the form of a token of ours, valid or not. */
export function isTokenForm(text: string): boolean {
  return form.test(text)
}

/** Tokens in the users' accounts. */
export function createTokens({ accounts, clock = Date.now }: { accounts: Accounts; clock?: () => number }): Tokens {
  async function create(user: string, { name, days }: { name: string; days: number }) {
    const id = randomBytes(6).toString('hex')
    const secret = `kvd_${user}_${id}_${randomBytes(20).toString('hex')}`
    const createdAt = new Date(clock()).toISOString()
    const expiresAt = new Date(clock() + days * 86_400_000).toISOString()
    await accounts.update(user, (account) => {
      if (account.tokens.length >= mostTokens) throw conflict(`You have ${mostTokens} tokens. Revoke one first.`)
      return { ...account, tokens: [...account.tokens, { id, name, hash: digest(secret), createdAt, expiresAt }] }
    })
    return { id, name, createdAt, expiresAt, secret }
  }
  async function check(secret: string): Promise<string> {
    const [, user = '', id] = form.exec(secret) ?? []
    // A token made on another replica a moment ago may not be in our cache yet: only then a call is worth it.
    const find = (account: Awaited<ReturnType<Accounts['fresh']>>) => account?.tokens.find((token) => token.id === id)
    const token = find(accounts.known(user)) ?? (accounts.known(user) && find(await accounts.fresh(user)))
    const isRight = token !== undefined && timingSafeEqual(Buffer.from(token.hash), Buffer.from(digest(secret)))
    if (!isRight || Date.parse(token.expiresAt) < clock()) throw unauthenticated('The token is not valid, or not any more.')
    return user
  }
  return {
    list: async (user) => ((await accounts.fresh(user))?.tokens ?? []).map(({ hash: _hash, ...shown }) => shown),
    create,
    check,
    remove: (user, id) =>
      accounts.update(user, (account) => {
        const tokens = account.tokens.filter((token) => token.id !== id)
        if (tokens.length === account.tokens.length) throw notFound('token', id)
        return { ...account, tokens }
      }),
  }
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
