import * as z from 'zod'
import { UserName } from './names.ts'
import { GivenPassword, NewPassword } from './password.ts'
import { QuotaChange } from './quota.ts'
import { TokenScope, usualScopes } from './scope.ts'

/** A user's role. */
export const Role = z.enum(['user', 'admin'])
export type Role = z.infer<typeof Role>

/** A user as the API shows one. */
export const User = z.object({
  name: z.string(),
  displayName: z.string(),
  email: z.string(),
  role: Role,
  active: z.boolean(),
  /** Whether the user is being deleted. */
  leaving: z.boolean().optional(),
  /** The namespace, once it exists. */
  namespace: z.string().optional(),
  /** The numeric id of their files, once they have one. */
  fileId: z.number().optional(),
  /** Whether everything the user's namespace must hold exists. */
  ready: z.boolean(),
  createdAt: z.string(),
  /** Whom the institute's provider vouches for by this user. */
  subject: z.string().optional(),
  /** What an administrator lets this user have in the place of the usual quota, by its lines: `{"limits.memory": "512Gi"}`. */
  quota: z.record(z.string(), z.string()).optional(),
})
export type User = z.infer<typeof User>

const onlyPrintable = /^\P{C}*$/u

const Email = z.email('Enter a mail address such as name@example.org.').max(254, 'A mail address has at most 254 characters.')
const DisplayName = z
  .string()
  .trim()
  .max(100, 'A display name has at most 100 characters.')
  .regex(onlyPrintable, 'A display name has printable characters alone.')

/** What a person says of themselves at sign-up. */
export const SignUp = z.strictObject({
  username: UserName,
  password: NewPassword,
  email: Email,
  displayName: DisplayName.default(''),
})

/** What signing in takes. */
export const SignIn = z.strictObject({
  username: z.string().max(64, 'A username has at most 30 characters.'),
  password: GivenPassword,
})

/** The numeric id of a user's files, where the institute has one for them; left out, the platform allots one. */
export const FileId = z
  .number('Enter a number.')
  .int('Enter a whole number.')
  .min(1000, 'Ids below 1000 are those of system accounts.')
  .max(2_000_000_000, 'An id is at most 2,000,000,000.')

/** What an admin says of somebody who has no account yet. */
export const Invitation = SignUp.omit({ password: true }).extend({ role: Role.default('user'), fileId: FileId.optional() })
export type Invitation = z.infer<typeof Invitation>

/** Where a person chooses a password: to be handed to them alone. */
export const PasswordLink = z.object({ user: User, link: z.string(), expiresAt: z.string() })

/** What choosing a password by a link takes. */
export const PasswordChoice = z.strictObject({ code: z.string().max(2000), password: NewPassword })

/** What becomes of the files of a user who is deleted: left where they are, packed beside them, or erased. */
export const Deletion = z.strictObject({ files: z.enum(['keep', 'archive', 'erase']) })
export type Deletion = z.infer<typeof Deletion>

/** What goes with a user. */
export const DeletionPreview = z.object({
  services: z.array(z.string()),
  /** Volumes that services asked for. */
  claims: z.array(z.string()),
  tokens: z.number().int(),
  files: z.array(
    z.object({
      domain: z.string(),
      entries: z.number().int(),
      bytes: z.number().int(),
      /** Whether all was counted: there may be more. */
      isComplete: z.boolean(),
    }),
  ),
})
export type DeletionPreview = z.infer<typeof DeletionPreview>

/** What people may change of themselves. */
export const ProfileChange = z.strictObject({ email: Email.optional(), displayName: DisplayName.optional() })

/** What an admin may change of a user. */
export const UserChange = ProfileChange.extend({
  active: z.boolean().optional(),
  role: Role.optional(),
  /** Whom the institute's provider vouches for by this user: `<issuer> <sub>`; empty for nobody. */
  subject: z.string().max(500).optional(),
  /** Before the user is activated for the first time; later their files have it. */
  fileId: FileId.optional(),
  quota: QuotaChange.optional(),
})
export type UserChange = z.infer<typeof UserChange>

/** What a password change takes. */
export const PasswordChange = z.strictObject({ current: GivenPassword, next: NewPassword })

/** The session of a signed-in person; the token goes back in `X-Karvdash-Csrf` with every change. */
export const Session = z.object({
  user: User,
  csrf: z.string(),
  /** The admin who acts as the user. */
  actor: z.string().optional(),
})
export type Session = z.infer<typeof Session>

/** One of the own sessions, as a list shows it; times are to within a few minutes. */
export const SessionInfo = z.object({
  id: z.string(),
  createdAt: z.string(),
  seenAt: z.string(),
  /** What the browser said of itself. */
  agent: z.string(),
  address: z.string(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
  /** The admin who acts as the user in it. */
  actor: z.string().optional(),
})
export type SessionInfo = z.infer<typeof SessionInfo>

/** A personal token, without its secret. */
export const Token = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(TokenScope),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** When it was last used, to within an hour. */
  usedAt: z.string().optional(),
})
export type Token = z.infer<typeof Token>

/** A personal token as it is shown once. */
export const FreshToken = Token.extend({ secret: z.string() })

/** What a person says of a token they want. */
export const TokenDraft = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Give the token a name.')
    .max(60, 'A token name has at most 60 characters.')
    .regex(onlyPrintable),
  days: z.number().int().min(1).max(365, 'A token lives for at most 365 days.').default(90),
  scopes: z
    .array(TokenScope)
    .max(5)
    .refine((scopes) => scopes.some((scope) => scope !== 'read-only'), 'Choose what the token is for.')
    .default(usualScopes),
})
