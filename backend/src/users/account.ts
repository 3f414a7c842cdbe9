import { Editor, labels, namespaceOf, TokenScope, usualScopes } from '@karvdash/common'
import * as z from 'zod'
import { heartbeatMark } from '../kubernetes/heartbeat.ts'
import { holding, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject, Metadata } from '../kubernetes/objects.ts'
import { noticeMark } from '../platform/notice.ts'
import { usesMark } from '../services/idle/uses.ts'
import { groupsMark } from '../templates/groups.ts'

/** A session that may be used; the cookie names it. */
export const SessionEntry = z.object({
  id: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
  agent: z.string().default(''),
  address: z.string().default(''),
  /** The admin who acts as the user in it. */
  actor: z.string().optional(),
})
export type SessionEntry = z.infer<typeof SessionEntry>

/** A personal token: its secret is kept as a SHA-256 hash, which is enough for 160 random bits. */
export const TokenEntry = z.object({
  id: z.string(),
  name: z.string(),
  hash: z.string(),
  scopes: z.array(TokenScope).default(usualScopes),
  createdAt: z.string(),
  expiresAt: z.string(),
  usedAt: z.string().optional(),
})
export type TokenEntry = z.infer<typeof TokenEntry>

/** An editor that the user is signed in to: which refresh token it may use next is kept as a SHA-256 hash. */
export const EditorEntry = Editor.extend({ refresh: z.string() })
export type EditorEntry = z.infer<typeof EditorEntry>

const Secrets = z.object({
  password: z.string(),
  sessions: z.array(SessionEntry),
  tokens: z.array(TokenEntry),
  editors: z.array(EditorEntry).default([]),
  /** How often every sign-in was ended: what was given to a user's programs in an earlier generation is void. */
  generation: z.int().default(0),
})

/** What is secret of a user: one Secret in the system namespace. */
export interface Account extends z.infer<typeof Secrets> {
  user: string
}

const mark = 'account'
/** Selects the Secrets which hold accounts, the heartbeats that tell whether the watch of them is alive, the notice to everybody, what replicas note of uses, and how templates are arranged. */
export const accountSelector = holding(mark, heartbeatMark, noticeMark, usesMark, groupsMark)

/** The most sessions a user has at a time; the oldest ends when one more begins. */
export const mostSessions = 50
export const mostTokens = 50
export const mostEditors = 20

/** What is left of an account when every sign-in ends: tokens, which people revoke themselves. */
export function signedOut(account: Account): Account {
  return { ...account, sessions: [], editors: [], generation: account.generation + 1 }
}

/** The name of a user's account Secret. */
export function accountName(user: string): string {
  return `account.${user}`
}

/** The Secret for an account; with a resourceVersion in its place it replaces just that version. */
export function accountSecret(account: Account, place: Omit<Metadata, 'name' | 'labels'>): KubeObject {
  const { user, ...secrets } = account
  const named = { ...place, name: accountName(user), labels: { [labels.user]: user } }
  return noteSecret(mark, named, { account: JSON.stringify(secrets) })
}

/** Reads an account Secret. @throws ZodError where it is not one. */
export function readAccount(secret: KubeObject): Account {
  const { account } = z.object({ account: z.string() }).parse(secret['data'])
  const user = secret.metadata.name.slice('account.'.length)
  return { user, ...Secrets.parse(JSON.parse(Buffer.from(account, 'base64').toString())) }
}

/** A user as the platform holds one: the custom resource, read. */
export interface UserRecord {
  name: string
  uid: string
  email: string
  displayName: string
  role: 'user' | 'admin'
  active: boolean
  /** Whom the institute's provider vouches for by this user; '' for nobody. */
  subject: string
  createdAt: string
  /** Whether they are being deleted. */
  leaving: boolean
  /** The numeric id that an administrator chose for the user's files. */
  chosenFileId: number | undefined
  /** Numeric id of the user's files; undefined until allotted. */
  fileId: number | undefined
  /** Lines of the quota that an administrator chose for this user. */
  quota: Record<string, string>
  ready: boolean
}

const Condition = z.looseObject({ type: z.string(), status: z.string() })
const Stored = z.object({
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.looseObject({
    email: z.string().default(''),
    displayName: z.string().default(''),
    role: z.enum(['user', 'admin']).default('user'),
    active: z.boolean().default(false),
    subject: z.string().default(''),
    fileId: z.number().int().optional(),
  }),
  status: z
    .looseObject({ uid: z.number().int().optional(), conditions: z.array(Condition).default([]) })
    .default({ conditions: [] }),
})

/** Reads a `User` resource. @throws ZodError where it is not one. */
export function readUser(object: KubeObject): UserRecord {
  const { metadata, spec, status } = Stored.parse(object)
  const leaving = metadata.deletionTimestamp !== undefined
  return {
    name: metadata.name,
    uid: metadata.uid,
    createdAt: metadata.creationTimestamp,
    email: spec.email,
    displayName: spec.displayName,
    role: spec.role,
    active: spec.active && !leaving,
    leaving,
    subject: spec.subject,
    chosenFileId: spec.fileId,
    fileId: status.uid,
    quota: quotaOf(object),
    ready: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  }
}

const Chosen = z.looseObject({ spec: z.looseObject({ quota: z.record(z.string(), z.string()) }) })

/** Lines of the quota that an administrator chose for a stored user. */
export function quotaOf(user: KubeObject): Record<string, string> {
  return Chosen.safeParse(user).data?.spec.quota ?? {}
}

/** A user as the API shows one. */
export function shownUser(user: UserRecord) {
  const { name, email, displayName, role, active, leaving, subject, ready, createdAt, quota } = user
  return {
    name,
    email,
    displayName,
    role,
    active,
    ready,
    createdAt,
    ...(leaving && { leaving }),
    ...(subject !== '' && { subject }),
    ...(Object.keys(quota).length > 0 && { quota }),
    ...(user.fileId !== undefined && { namespace: namespaceOf(name), fileId: user.fileId }),
  }
}
