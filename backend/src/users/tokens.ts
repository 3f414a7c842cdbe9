import { randomBytes, timingSafeEqual } from 'node:crypto'
import { conflict, notFound, type Token, type TokenScope, unauthenticated } from '@karvdash/common'
import { mostTokens, type TokenEntry } from './account.ts'
import type { Accounts } from './accounts.ts'
import { digestOf } from './digest.ts'

/** Personal tokens: what tools send as `Authorization: Bearer`. */
export interface Tokens {
  list(user: string): Promise<Token[]>
  /** Makes a token; its secret is in the answer and nowhere else. */
  create(user: string, draft: TokenDraft): Promise<Token & { secret: string }>
  /** Revokes one, or all. @throws Problem 404 where there is none of that id. */
  remove(user: string, id?: string): Promise<void>
  /** Whose token this is, and what it may do. @throws Problem 401 where it is nobody's. */
  check(secret: string): Promise<Bearer>
}

/** Who shows a token. */
export interface Bearer {
  user: string
  scopes: TokenScope[]
}

interface TokenDraft {
  name: string
  days: number
  scopes: TokenScope[]
}

/** `kvd_<user>_<id>_<secret>`: the prefix is for secret scanners, and tells the gate which credentials are ours. */
const form = /^kvd_([a-z][a-z0-9]{0,29})_([0-9a-f]{12})_([0-9a-f]{40})$/

/** How late `usedAt` may be: each change of it is a write. */
const coarseMs = 3600_000

/** Whether a credential has the form of a token of ours, valid or not: a personal one, an editor's, or what pods pull images with. */
export function isTokenForm(text: string): boolean {
  return form.test(text) || /^kv[apr]_./.test(text)
}

/** Tokens in the users' accounts. */
export function createTokens({ accounts, clock = Date.now }: { accounts: Accounts; clock?: () => number }): Tokens {
  const noting = new Set<string>()
  async function create(user: string, { name, days, scopes }: TokenDraft) {
    const id = randomBytes(6).toString('hex')
    const secret = `kvd_${user}_${id}_${randomBytes(20).toString('hex')}`
    const createdAt = new Date(clock()).toISOString()
    const expiresAt = new Date(clock() + days * 86_400_000).toISOString()
    const entry = { id, name, scopes, createdAt, expiresAt }
    await accounts.update(user, (account) => {
      if (account.tokens.length >= mostTokens) throw conflict(`You have ${mostTokens} tokens. Revoke one first.`)
      return { ...account, tokens: [...account.tokens, { ...entry, hash: digestOf(secret) }] }
    })
    return { ...entry, secret }
  }
  async function check(secret: string): Promise<Bearer> {
    const [, user = '', id] = form.exec(secret) ?? []
    // A token made on another replica a moment ago may not be in our cache yet: only then a call is worth it.
    const find = (account: Awaited<ReturnType<Accounts['fresh']>>) => account?.tokens.find((token) => token.id === id)
    const token = find(accounts.known(user)) ?? (accounts.known(user) && find(await accounts.fresh(user)))
    const isRight = token !== undefined && timingSafeEqual(Buffer.from(token.hash), Buffer.from(digestOf(secret)))
    if (!isRight || Date.parse(token.expiresAt) < clock()) throw unauthenticated('The token is not valid, or not any more.')
    noteUse(user, token)
    return { user, scopes: token.scopes }
  }
  /** Notes the use beside the request: a token works also while that cannot be written. */
  function noteUse(user: string, { id, usedAt }: TokenEntry): void {
    if (noting.has(id) || Date.parse(usedAt ?? '') + coarseMs >= clock()) return
    noting.add(id)
    const now = new Date(clock()).toISOString()
    accounts
      .update(user, (account) => ({
        ...account,
        tokens: account.tokens.map((token) => (token.id === id ? { ...token, usedAt: now } : token)),
      }))
      .catch(() => undefined)
      .finally(() => noting.delete(id))
  }
  return {
    list: async (user) => ((await accounts.fresh(user))?.tokens ?? []).map(({ hash: _hash, ...shown }) => shown),
    create,
    check,
    remove: (user, id) =>
      accounts.update(user, (account) => {
        const tokens = id === undefined ? [] : account.tokens.filter((token) => token.id !== id)
        if (id !== undefined && tokens.length === account.tokens.length) throw notFound('token', id)
        return { ...account, tokens }
      }),
  }
}
