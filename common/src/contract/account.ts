import * as z from 'zod'
import { Resource } from '../resource.ts'
import { FreshToken, PasswordChange, ProfileChange, SessionInfo, Token, TokenDraft, User } from '../user.ts'
import { done, operation, pageOf } from './row.ts'

const ExecCredential = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  status: z.object({ token: z.string(), expirationTimestamp: z.string() }),
})
const OneToken = z.strictObject({ token: z.string().regex(/^[a-z0-9]{8,16}$/, 'That is not the id of a token.') })
const OneSession = z.strictObject({ session: z.string().regex(/^[0-9a-f]{32}$/, 'That is not the id of a session.') })

/** The own account. */
export const accountOperations = {
  getAccount: operation('GET', '/api/account', { scope: 'any', summary: 'Who calls, whatever the credentials', reply: User }),
  changePassword: operation('PUT', '/api/account/password', {
    summary: 'Change the own password; every other session ends',
    body: PasswordChange,
    reply: done,
    status: 204,
  }),
  changeProfile: operation('PATCH', '/api/account', {
    summary: 'Change the own name and mail address',
    body: ProfileChange,
    reply: User,
  }),
  getKubeconfig: operation('GET', '/api/account/kubeconfig', {
    scope: 'any',
    summary: 'A kubeconfig for the own namespace; there is nothing secret in it',
    reply: z.record(z.string(), z.unknown()),
  }),
  listResources: operation('GET', '/api/account/resources', {
    scope: 'services',
    summary: 'What the own services use, and what is free of the own quota',
    reply: z.object({ items: z.array(Resource) }),
  }),
  createClusterToken: operation('POST', '/api/account/cluster-token', {
    scope: 'services',
    summary: 'A token of an hour for the cluster itself, as kubectl asks for one (ExecCredential)',
    reply: ExecCredential,
    status: 201,
  }),
  listSessions: operation('GET', '/api/account/sessions', { summary: 'Own sessions in browsers', reply: pageOf(SessionInfo) }),
  endSession: operation('DELETE', '/api/account/sessions/{session}', {
    summary: 'End one of the own sessions',
    params: OneSession,
    reply: done,
    status: 204,
  }),
  endSessions: operation('DELETE', '/api/account/sessions', {
    summary: 'Sign out everywhere: every session in a browser ends, and every editor is signed out',
    reply: done,
    status: 204,
  }),
  listTokens: operation('GET', '/api/account/tokens', { summary: 'Own personal tokens', reply: pageOf(Token) }),
  createToken: operation('POST', '/api/account/tokens', {
    summary: 'Make a personal token; its secret is shown once',
    body: TokenDraft,
    reply: FreshToken,
    status: 201,
  }),
  deleteToken: operation('DELETE', '/api/account/tokens/{token}', {
    summary: 'Revoke a personal token',
    params: OneToken,
    reply: done,
    status: 204,
  }),
  deleteTokens: operation('DELETE', '/api/account/tokens', { summary: 'Revoke all personal tokens', reply: done, status: 204 }),
}
