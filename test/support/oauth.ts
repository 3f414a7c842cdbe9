import * as oauth from 'oauth4webapi'
import { origin, type Person } from './people.ts'

/** An editor that speaks OAuth by a library that is not ours. */
export interface OAuthEditor {
  server: oauth.AuthorizationServer
  client: oauth.Client
  options: { [oauth.customFetch]: OAuthSend }
}

/** How the library's requests get to the server. */
type OAuthSend = (url: string, asked: Asked) => Promise<Response>

interface Asked {
  method: string
  headers: Record<string, string>
  body?: URLSearchParams | undefined
}

export const redirectUri = 'http://127.0.0.1:45678/callback'

/** Discovers the server at a backend as it names itself; requests go to the backend as the ingress controller would send them. */
export function openEditor(backend: { url: string }, clientId = 'karvdash-cli'): Promise<OAuthEditor> {
  return discover(origin, clientId, (url, { method, headers, body }) =>
    fetch(url.replace(origin, backend.url), {
      method,
      body: body ?? null,
      headers: { ...headers, 'x-forwarded-for': '192.0.2.250', 'x-forwarded-proto': 'https' },
    }),
  )
}

/** Discovers the server at an origin. */
export async function discover(at: string, clientId: string, send: OAuthSend): Promise<OAuthEditor> {
  const options = { [oauth.customFetch]: send }
  const found = await oauth.discoveryRequest(new URL(at), { algorithm: 'oauth2', ...options })
  return { server: await oauth.processDiscoveryResponse(new URL(at), found), client: { client_id: clientId }, options }
}

/** Where an editor opens the browser, and the verifier it keeps. */
export async function authorization({ server, client }: OAuthEditor, more: Record<string, string> = {}) {
  const verifier = oauth.generateRandomCodeVerifier()
  const url = new URL(server.authorization_endpoint ?? '')
  const asked = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: oauth.generateRandomState(),
    machine: "alice's laptop",
    ...more,
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { path: url.pathname + url.search, verifier, state: asked.state, redirect: asked.redirect_uri }
}

/** Somebody decides in their browser; gives where it is sent then. */
export async function decide(person: Person, path: string, isApproved = true): Promise<URL> {
  const opened = await person.send('GET', path)
  const request = new URL(opened.headers['location'] ?? '').hash.split('request=')[1] ?? ''
  const decided = await person.send('POST', '/api/account/editors', { request, isApproved })
  return new URL((decided.body as { location: string }).location)
}

/** The code that came back, for tokens. */
export async function redeem(
  editor: OAuthEditor,
  landed: URL,
  { verifier, state, redirect }: Awaited<ReturnType<typeof authorization>>,
) {
  const { server, client, options } = editor
  const parameters = oauth.validateAuthResponse(server, client, landed, state)
  const auth = oauth.None()
  const answer = await oauth.authorizationCodeGrantRequest(server, client, auth, parameters, redirect, verifier, options)
  return oauth.processAuthorizationCodeResponse(server, client, answer)
}
