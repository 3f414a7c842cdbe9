import { type ImageAction, invalid, permits, unauthenticated, unavailable } from '@karvdash/common'
import type { SignIn } from '../../users/sign-in.ts'
import type { Users } from '../../users/users.ts'
import { granted, type Holder, type IsThere } from './grants.ts'
import { isPullForm, type PullCredentials } from './pull-credentials.ts'
import { scopesOf } from './scopes.ts'
import type { RegistryTokens, SignedToken } from './tokens.ts'

/** What a client of the registry sends to get a token. */
export interface TokenRequest {
  /** Of HTTP Basic; undefined where there is none. */
  credentials: { username: string; password: string } | undefined
  /** The network address it comes from. */
  address: string
  service: string
  scopes: readonly string[]
}

/** Gives tokens to who says who they are. @throws Problem 400, 401, 429, 503. */
export type TokenEndpoint = (request: TokenRequest) => Promise<SignedToken>

export interface TokenEndpointPorts {
  signIn: Pick<SignIn, 'checkBasic'>
  users: Pick<Users, 'known'>
  pullCredentials: PullCredentials
  tokens: Pick<RegistryTokens, 'sign'>
  isThere: IsThere
  /** Whether we would have heard by now who was shut out. */
  isFresh: () => boolean
  /** The registry, as it stands in references: what clients call the service. */
  host: string
}

/** The same rules for all clients: passwords, personal tokens, and what pods pull with. Who shows nothing gets nothing. */
export function createTokenEndpoint(ports: TokenEndpointPorts): TokenEndpoint {
  return async (request) => {
    if (request.service !== ports.host)
      throw invalid([{ pointer: '/query/service', detail: `The registry of this platform is ${ports.host}.` }])
    const scopes = scopesOf(request.scopes)
    const holder = await holderOf(request, ports)
    // Rather nobody than somebody who was shut out while we heard nothing.
    if (!ports.isFresh()) throw unavailable('The cluster')
    return ports.tokens.sign({ subject: holder.user, access: await granted(holder, scopes, ports.isThere) })
  }
}

async function holderOf({ credentials, address }: TokenRequest, ports: TokenEndpointPorts): Promise<Holder> {
  if (!credentials) throw unauthenticated('Log in to the registry with your username, and your password or a personal token.')
  const { username } = credentials
  if (isPullForm(credentials.password)) return podsOf(username, credentials.password, ports)
  const { user, scopes } = await ports.signIn.checkBasic({ ...credentials, address })
  const may: ImageAction[] = permits(scopes, { scope: 'images', method: 'PUT' }) ? ['pull', 'push', 'delete'] : ['pull']
  // Not 403: of its words some clients tell nothing.
  if (!permits(scopes, { scope: 'images', method: 'GET' }))
    throw unauthenticated('This token was not made for images. Make one that is, or log in with your password.')
  const role = scopes === undefined || scopes.includes('admin') ? ports.users.known(user)?.role : 'user'
  return { user, role: role ?? 'user', may, catalogue: true }
}

function podsOf(user: string, password: string, { pullCredentials, users }: TokenEndpointPorts): Holder {
  if (!users.known(user)?.active || !pullCredentials.isRight(user, password))
    throw unauthenticated('This credential for pulling images is not valid, or not any more.')
  return { user, role: 'user', may: ['pull'], catalogue: false }
}
