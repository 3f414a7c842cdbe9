import { randomBytes } from 'node:crypto'
import { type Editor, notFound, type TokenScope, unauthenticated } from '@karvdash/common'
import { type Account, type EditorEntry, mostEditors } from '../users/account.ts'
import type { Accounts } from '../users/accounts.ts'
import { digestOf } from '../users/digest.ts'
import type { Signer } from '../users/signer.ts'
import { accessSeconds, issueAccess, readAccess } from './access-tokens.ts'
import { clientOf } from './clients.ts'
import { OAuthFailure } from './failure.ts'
import { readRefresh, refreshed, writeRefresh } from './refresh.ts'

/** The editors that people are signed in to. */
export interface Editors {
  /** Signs an editor in. */
  add(draft: EditorDraft): Promise<EditorTokens>
  /** New tokens for a refresh token, which is used up by it. @throws OAuthFailure. */
  refresh(token: string, client: string): Promise<EditorTokens>
  /** Whose access token this is. @throws Problem 401 where it is nobody's, too old, or its editor was signed out. */
  check(token: string): Promise<{ user: string; scopes: TokenScope[] }>
  /** Whose editor was given this access token, however old it is. @throws Problem 401 where that was signed out. */
  holder(token: string): Promise<{ user: string; scopes: TokenScope[] }>
  list(user: string): Promise<Editor[]>
  /** Signs out one editor, or all. @throws Problem 404 where there is none of that id. */
  remove(user: string, id?: string): Promise<void>
  /** Signs out the editor that a token is of, if there is one (RFC 7009 §2.2). */
  revoke(token: string): Promise<void>
}

/** An editor that is about to be signed in; its id is that of the approval, so that one which is used twice can be undone. */
export interface EditorDraft {
  id: string
  user: string
  client: string
  machine: string
  scopes: TokenScope[]
}

/** What an editor gets (RFC 6749 §5.1). */
export interface EditorTokens {
  access_token: string
  token_type: 'Bearer'
  expires_in: number
  refresh_token: string
  scope: string
}

/** How late the cache of another replica may be. */
const replicationMs = 10_000
/** An editor that did not ask for so long is signed out. */
const idleMs = 90 * 86_400_000

export interface EditorsPorts {
  accounts: Accounts
  signer: Signer
  clock?: () => number
}

/** Editors in the users' accounts. */
export function createEditors({ accounts, signer, clock = Date.now }: EditorsPorts): Editors {
  const change = (user: string, editors: (entries: EditorEntry[]) => EditorEntry[]) =>
    accounts.update(user, (account) => ({ ...account, editors: editors(account.editors.filter(isAlive)) }))
  const isAlive = ({ usedAt }: EditorEntry) => Date.parse(usedAt) + idleMs >= clock()
  const newSecret = () => randomBytes(20).toString('hex')
  const tokens = (user: string, entry: EditorEntry, secret: string): EditorTokens => ({
    access_token: issueAccess(signer, user, entry, clock()),
    token_type: 'Bearer',
    expires_in: accessSeconds,
    refresh_token: writeRefresh({ user, editor: entry.id, secret }),
    scope: entry.scopes.join(' '),
  })

  async function add({ user, ...draft }: EditorDraft): Promise<EditorTokens> {
    const secret = newSecret()
    const at = new Date(clock()).toISOString()
    const entry = { ...draft, createdAt: at, usedAt: at, refresh: digestOf(secret) }
    await change(user, (entries) => [...entries, entry].slice(-mostEditors))
    return tokens(user, entry, secret)
  }
  async function refresh(token: string, client: string): Promise<EditorTokens> {
    const given = readRefresh(token)
    const next = newSecret()
    const at = new Date(clock()).toISOString()
    let renewed: EditorEntry | undefined
    if (given && (await accounts.fresh(given.user))) {
      await change(given.user, (entries) => {
        const outcome = refreshed(entries, { ...given, client, next, at })
        renewed = outcome.renewed
        return outcome.editors
      })
    }
    if (given && renewed) return tokens(given.user, renewed, next)
    throw new OAuthFailure('invalid_grant', 'This refresh token is not valid, or not any more. Sign in again.')
  }
  return { add, refresh, ...checking({ accounts, signer, clock }), ...tending({ accounts, signer, change, isAlive }) }
}

function checking({ accounts, signer, clock }: Required<EditorsPorts>): Pick<Editors, 'check' | 'holder'> {
  async function holder(token: string) {
    const { user = '', editor, issuedAt = 0 } = readAccess(signer, token) ?? {}
    const find = (account: Account | undefined) => account?.editors.find(({ id }) => id === editor)
    const isYoung = issuedAt > clock() - replicationMs
    const entry = find(accounts.known(user)) ?? (isYoung ? find(await accounts.fresh(user)) : undefined)
    if (!entry) throw unauthenticated('The token is not valid, or not any more.')
    return { user, scopes: entry.scopes }
  }
  return {
    holder,
    async check(token) {
      const found = await holder(token)
      const { issuedAt = 0 } = readAccess(signer, token) ?? {}
      if (issuedAt + accessSeconds * 1000 < clock()) throw unauthenticated('The token is not valid, or not any more.')
      return found
    },
  }
}

interface Tending extends Pick<EditorsPorts, 'accounts' | 'signer'> {
  change: (user: string, editors: (entries: EditorEntry[]) => EditorEntry[]) => Promise<void>
  isAlive: (entry: EditorEntry) => boolean
}

function tending({ accounts, signer, change, isAlive }: Tending): Pick<Editors, 'list' | 'remove' | 'revoke'> {
  return {
    list: async (user) => ((await accounts.fresh(user))?.editors ?? []).filter(isAlive).map(shown),
    remove: (user, id) =>
      change(user, (entries) => {
        const rest = id === undefined ? [] : entries.filter((entry) => entry.id !== id)
        if (id !== undefined && rest.length === entries.length) throw notFound('editor', id)
        return rest
      }),
    async revoke(token) {
      const { user, editor } = readRefresh(token) ?? readAccess(signer, token) ?? { user: '', editor: '' }
      const isKnown = (await accounts.fresh(user))?.editors.some((entry) => entry.id === editor)
      if (isKnown) await change(user, (entries) => entries.filter((entry) => entry.id !== editor))
    },
  }
}

function shown({ refresh: _refresh, client, ...entry }: EditorEntry): Editor {
  return { ...entry, client: clientOf(client)?.name ?? client }
}
