import * as z from 'zod'
import { AuditEntry } from './audit.ts'
import { Editor, EditorDecision, EditorRequest, WhichRequest } from './editors.ts'
import { Entry } from './entry.ts'
import { ServiceName, TemplateId, UserName } from './names.ts'
import type { Operation } from './operation.ts'
import { Notice, PlatformHealth, Usage } from './platform.ts'
import { Launch, Service, ServiceEvent, ServicePassword, SharedService, Sharing } from './service.ts'
import { DeletionQuery, Domain, EntriesQuery, NewFolder, OneDomain, OnePath, Rename } from './storage.ts'
import { TemplateDescription } from './template.ts'
import {
  Deletion,
  DeletionPreview,
  FreshToken,
  Invitation,
  PasswordChange,
  PasswordChoice,
  PasswordLink,
  ProfileChange,
  Session,
  SessionInfo,
  SignIn,
  SignUp,
  Token,
  TokenDraft,
  User,
  UserChange,
} from './user.ts'

/** Version of this contract: the major number changes when a client has to. */
export const contractVersion = '1.0'

const nothing = z.undefined()
const done = z.void()
const empty = z.strictObject({})
const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
})
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() })
const Version = z.object({ product: z.string(), contract: z.string(), oldestClient: z.string() })
const OneUser = z.strictObject({ user: UserName })
const ExecCredential = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  status: z.object({ token: z.string(), expirationTimestamp: z.string() }),
})
const AuditQuery = Page.extend({ user: UserName.optional() })
const OneTemplate = z.strictObject({ template: TemplateId })
const OneService = z.strictObject({ service: ServiceName })
const OneShare = z.strictObject({ service: ServiceName, user: UserName })
const OneToken = z.strictObject({ token: z.string().regex(/^[a-z0-9]{8,16}$/, 'That is not the id of a token.') })
const OneEditor = z.strictObject({ editor: z.string().regex(/^[0-9a-f]{16}$/, 'That is not the id of an editor.') })
const OneSession = z.strictObject({ session: z.string().regex(/^[0-9a-f]{32}$/, 'That is not the id of a session.') })
const RenderInput = z.strictObject({ name: ServiceName.optional(), values: Launch.shape.values })
const Objects = z.object({ objects: z.array(z.record(z.string(), z.unknown())) })

type Row<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = Partial<Operation<P, Q, B, R>> &
  Pick<Operation<P, Q, B, R>, 'summary' | 'reply'>

function operation<
  R extends z.ZodType,
  P extends z.ZodType = typeof empty,
  Q extends z.ZodType = typeof empty,
  B extends z.ZodType = typeof nothing,
>(method: Operation<P, Q, B, R>['method'], path: string, row: Row<P, Q, B, R>): Operation<P, Q, B, R> {
  const defaults = { audience: 'user', scope: 'person', params: empty, query: empty, body: nothing, status: 200, media: 'json' }
  return { ...defaults, method, path, ...row } as Operation<P, Q, B, R>
}

/** Every operation of the API. */
export const contract = {
  getVersion: operation('GET', '/api/version', { summary: 'Product and contract version', audience: 'anyone', reply: Version }),
  getSignInOptions: operation('GET', '/api/sign-in', {
    summary: 'How people sign in here, besides by password: at `/sign-in/external` where there is a label',
    audience: 'anyone',
    reply: z.object({ external: z.object({ label: z.string() }).optional() }),
  }),
  getSession: operation('GET', '/api/session', { scope: 'any', summary: 'Who is signed in', reply: Session }),
  signIn: operation('POST', '/api/session', { summary: 'Sign in', audience: 'anyone', body: SignIn, reply: Session }),
  signOut: operation('DELETE', '/api/session', { scope: 'any', summary: 'Sign out', reply: done, status: 204 }),
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
  listEditors: operation('GET', '/api/account/editors', { summary: 'Editors that are signed in', reply: pageOf(Editor) }),
  deleteEditor: operation('DELETE', '/api/account/editors/{editor}', {
    summary: 'Sign an editor out',
    params: OneEditor,
    reply: done,
    status: 204,
  }),
  getEditorRequest: operation('GET', '/api/account/editors/request', {
    summary: 'What an editor asks for that wants to be signed in',
    query: WhichRequest,
    reply: EditorRequest,
  }),
  decideEditor: operation('POST', '/api/account/editors', {
    summary: 'Approve or refuse an editor; `location` is where the browser goes, where it was the browser that asked',
    body: EditorDecision,
    reply: z.object({ location: z.string().optional() }),
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
  signUp: operation('POST', '/api/users', {
    summary: 'Sign up; an admin activates the user',
    audience: 'anyone',
    body: SignUp,
    reply: z.object({ name: z.string(), active: z.boolean() }),
    status: 201,
  }),
  listUsers: operation('GET', '/api/users', {
    scope: 'admin',
    summary: 'All users',
    audience: 'admin',
    query: Page,
    reply: pageOf(User),
  }),
  changeUser: operation('PATCH', '/api/users/{user}', {
    scope: 'admin',
    summary: 'Activate, deactivate, or change the role of a user',
    audience: 'admin',
    params: OneUser,
    body: UserChange,
    reply: User,
  }),
  inviteUser: operation('POST', '/api/invitations', {
    scope: 'admin',
    summary: 'Make an active user, who chooses a password by a link that works once',
    audience: 'admin',
    body: Invitation,
    reply: PasswordLink,
    status: 201,
  }),
  resetPassword: operation('POST', '/api/users/{user}/password-link', {
    summary: 'A link by which a user chooses a password anew; it works once',
    audience: 'admin',
    params: OneUser,
    reply: PasswordLink,
    status: 201,
  }),
  choosePassword: operation('POST', '/api/password', {
    summary: 'Choose a password, by the code of a link; every session ends',
    audience: 'anyone',
    body: PasswordChoice,
    reply: z.object({ username: z.string() }),
  }),
  previewDeletion: operation('GET', '/api/users/{user}/deletion', {
    scope: 'admin',
    summary: 'What would go with a user',
    audience: 'admin',
    params: OneUser,
    reply: DeletionPreview,
  }),
  deleteUser: operation('DELETE', '/api/users/{user}', {
    summary: 'Delete a user with all they have; goes on by itself once it has begun',
    audience: 'admin',
    params: OneUser,
    query: Deletion,
    reply: User,
    status: 202,
  }),
  actAs: operation('POST', '/api/users/{user}/session', {
    summary: 'Act as a user, for an hour; the user sees it, and it stands in the audit log',
    audience: 'admin',
    params: OneUser,
    reply: Session,
    status: 201,
  }),
  listAudit: operation('GET', '/api/audit', {
    scope: 'admin',
    summary: 'Who did what, the newest first',
    audience: 'admin',
    query: AuditQuery,
    reply: pageOf(AuditEntry),
  }),
  getNotice: operation('GET', '/api/notice', {
    summary: 'What an administrator tells everybody; an empty text where that is nothing',
    audience: 'anyone',
    reply: Notice,
  }),
  setNotice: operation('PUT', '/api/notice', {
    scope: 'admin',
    summary: 'Tell everybody something; an empty text takes it back',
    audience: 'admin',
    body: Notice,
    reply: Notice,
  }),
  listUsage: operation('GET', '/api/usage', {
    scope: 'admin',
    summary: 'What each user has, and may have',
    audience: 'admin',
    query: Page,
    reply: pageOf(Usage),
  }),
  getPlatform: operation('GET', '/api/platform', {
    scope: 'admin',
    summary: 'How the platform itself is',
    audience: 'admin',
    reply: PlatformHealth,
  }),
  listTemplates: operation('GET', '/api/templates', {
    scope: 'services',
    summary: 'Templates that may be launched',
    reply: pageOf(TemplateDescription),
  }),
  getTemplate: operation('GET', '/api/templates/{template}', {
    scope: 'services',
    summary: 'One template',
    params: OneTemplate,
    reply: TemplateDescription,
  }),
  renderTemplate: operation('POST', '/api/templates/{template}/render', {
    scope: 'services',
    summary: 'The objects a launch would create',
    params: OneTemplate,
    body: RenderInput,
    reply: Objects,
  }),
  listServices: operation('GET', '/api/services', {
    scope: 'services',
    summary: 'Own services',
    query: Page,
    reply: pageOf(Service),
  }),
  watchServices: operation('GET', '/api/services/events', {
    scope: 'services',
    summary: 'What changes among the own services: first all of them, then each change',
    reply: ServiceEvent,
    media: 'events',
  }),
  launchService: operation('POST', '/api/services', {
    scope: 'services',
    summary: 'Launch a service',
    body: Launch,
    reply: Service,
    status: 201,
  }),
  getService: operation('GET', '/api/services/{service}', {
    scope: 'services',
    summary: 'One service',
    params: OneService,
    reply: Service,
  }),
  getServicePassword: operation('GET', '/api/services/{service}/password', {
    scope: 'services',
    summary: 'The name and the password by which a service is entered that the gate does not stand before',
    params: OneService,
    reply: ServicePassword,
  }),
  deleteService: operation('DELETE', '/api/services/{service}', {
    scope: 'services',
    summary: 'Delete a service and every object of it; files in domains stay',
    params: OneService,
    reply: done,
    status: 204,
  }),
  shareService: operation('PUT', '/api/services/{service}/shares/{user}', {
    scope: 'services',
    summary: 'Let another user enter a service',
    params: OneShare,
    body: Sharing,
    reply: Service,
  }),
  unshareService: operation('DELETE', '/api/services/{service}/shares/{user}', {
    scope: 'services',
    summary: 'Let another user no longer enter a service',
    params: OneShare,
    reply: Service,
  }),
  listShared: operation('GET', '/api/shared', {
    scope: 'services',
    summary: 'Services of others that the caller may enter',
    reply: pageOf(SharedService),
  }),
  leaveShared: operation('DELETE', '/api/shared/{user}/{service}', {
    scope: 'services',
    summary: "Give up entering another user's service",
    params: OneShare,
    reply: done,
    status: 204,
  }),
  listDomains: operation('GET', '/api/storage', { scope: 'files', summary: 'The data folders', reply: pageOf(Domain) }),
  listEntries: operation('GET', '/api/storage/{domain}/entries', {
    scope: 'files',
    summary: 'Entries of a folder, by name',
    params: OneDomain,
    query: EntriesQuery,
    reply: pageOf(Entry),
  }),
  getEntry: operation('GET', '/api/storage/{domain}/entry', {
    scope: 'files',
    summary: 'One entry',
    params: OneDomain,
    query: OnePath,
    reply: Entry,
  }),
  readFile: operation('GET', '/api/storage/{domain}/content', {
    scope: 'files',
    summary: 'The bytes of a file, or a range of them',
    params: OneDomain,
    query: OnePath,
    reply: z.unknown(),
    media: 'bytes',
  }),
  writeFile: operation('PUT', '/api/storage/{domain}/content', {
    scope: 'files',
    summary:
      'Write a file: readers see all of it or nothing (201 when it was not there). If-Match and If-None-Match are honoured',
    params: OneDomain,
    query: OnePath,
    takes: 'bytes',
    reply: Entry,
  }),
  createFolder: operation('POST', '/api/storage/{domain}/folders', {
    scope: 'files',
    summary: 'Make a folder',
    params: OneDomain,
    body: NewFolder,
    reply: Entry,
    status: 201,
  }),
  renameEntry: operation('POST', '/api/storage/{domain}/rename', {
    scope: 'files',
    summary: 'Rename or move an entry inside its domain',
    params: OneDomain,
    body: Rename,
    reply: Entry,
  }),
  deleteEntry: operation('DELETE', '/api/storage/{domain}/entry', {
    scope: 'files',
    summary: 'Delete an entry. If-Match is honoured',
    params: OneDomain,
    query: DeletionQuery,
    reply: done,
    status: 204,
  }),
}
