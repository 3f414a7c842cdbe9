import { type AnyOperation, type AuditEntry, contract } from '@karvdash/common'

/** What was done, as it is told of somebody: "alice launched a service". */
const deeds: Partial<Record<keyof typeof contract, string>> = {
  signIn: 'signed in',
  signOut: 'signed out',
  changePassword: 'changed the password',
  changeProfile: 'changed name or mail address',
  createClusterToken: 'asked for a token of the cluster',
  endSession: 'ended a session',
  endSessions: 'signed out everywhere',
  deleteEditor: 'signed an editor out',
  decideEditor: 'decided about an editor',
  createToken: 'made a token',
  deleteToken: 'revoked a token',
  deleteTokens: 'revoked all tokens',
  signUp: 'signed up',
  changeUser: 'changed a user',
  inviteUser: 'invited a user',
  resetPassword: 'made a password link',
  choosePassword: 'chose a password by a link',
  deleteUser: 'deleted a user',
  actAs: 'began to act as a user',
  createTemplate: 'made a template',
  changeTemplate: 'changed a template',
  deleteTemplate: 'deleted a template',
  createPlatformTemplate: 'made a template for everybody',
  changePlatformTemplate: 'changed a template for everybody',
  deletePlatformTemplate: 'deleted a template for everybody',
  setTemplateStanding: 'hid or pinned a template',
  saveLaunch: 'saved a launch',
  deleteLaunch: 'forgot a saved launch',
  launchService: 'launched a service',
  stopService: 'stopped a service',
  resumeService: 'resumed a service',
  restartService: 'restarted a service',
  updateService: 'updated a service',
  startExec: 'opened a terminal',
  deleteService: 'deleted a service',
  shareService: 'shared a service',
  unshareService: 'ended the share of a service',
  leaveShared: 'left a shared service',
  writeFile: 'wrote a file',
  createFolder: 'made a folder',
  renameEntry: 'renamed an entry',
  deleteEntry: 'deleted an entry',
}

/** The endpoints of OAuth and of OpenID Connect, and the registry’s, are no operations of the contract. */
const otherDeeds: Record<string, string> = {
  'POST /oauth/token': 'signed in by an editor, or went on in it',
  'POST /oauth/device_authorization': 'began to connect an editor',
  'POST /oauth/revoke': 'signed out of an editor',
  'PUT /v2/manifests': 'pushed an image',
  'DELETE /v2/manifests': 'deleted an image',
}

const ways: Record<string, string> = {
  cookie: 'in a browser',
  token: 'by a token',
  basic: 'by name and password',
  pod: 'from a pod',
  editor: 'by an editor',
  registry: 'by a client of the registry',
}

const deedOf = new Map(
  Object.entries(contract).map(([name, { method, path, summary }]: [string, AnyOperation]) => [
    `${method} ${path}`,
    deeds[name as keyof typeof contract] ?? summary,
  ]),
)

/** What was done; an operation that nobody named here is told as it is. */
export function deedWords({ operation, actor }: Pick<AuditEntry, 'operation' | 'actor'>): string {
  if (actor !== undefined && operation === 'DELETE /api/session') return 'stopped acting'
  return deedOf.get(operation) ?? otherDeeds[operation] ?? operation
}

/** Who did it, and as whom. */
export function doerWords({ user, actor }: Pick<AuditEntry, 'user' | 'actor'>): string {
  if (user === undefined) return 'Somebody'
  return actor === undefined ? user : `${actor} as ${user}`
}

/** How they showed who they are. */
export function wayWords(via: string | undefined): string | undefined {
  return via === undefined ? undefined : (ways[via] ?? via)
}

const refusals: Record<number, string> = {
  400: 'Refused: not valid',
  401: 'Refused: not signed in',
  403: 'Refused: not allowed',
  404: 'Refused: there is none',
  409: 'Refused: in conflict',
  412: 'Refused: it had changed',
  429: 'Refused: too many tries',
}

/** How it ended. */
export function resultWords(status: number): string {
  if (status < 400) return 'Done'
  return status < 500 ? (refusals[status] ?? `Refused (${status})`) : `Failed (${status})`
}
