import type { Callbacks } from './callbacks.ts'
import { clientId, type Endpoints, type Tokens } from './endpoints.ts'
import { challengeOf, randomText } from './pkce.ts'

export interface CodeFlowPorts {
  /** The origin of the dashboard, which is the issuer too. */
  server: string
  /** Where the browser answers. */
  redirect: string
  machine: string
  callbacks: Callbacks
  endpoints: Pick<Endpoints, 'redeemCode'>
  /** Opens the browser; says whether the person let it. */
  open: (address: string) => PromiseLike<boolean>
}

/** Signs in by an authorization code with PKCE (OAuth 2.1 §4.1); undefined: the person went away. @throws Refusal, Problem. */
export async function byCode(ports: CodeFlowPorts, ending: AbortController): Promise<Tokens | undefined> {
  const { server, redirect, callbacks, endpoints, open } = ports
  const [state, verifier] = [randomText(), randomText()]
  const address = authorizeAddress(ports, { state, challenge: await challengeOf(verifier) })
  const coming = callbacks.code({ state, issuer: server }, ending.signal)
  const opened = Promise.resolve(open(address)).then((isOpen) => isOpen || ending.abort())
  const [code] = await Promise.all([coming, opened])
  return code === undefined ? undefined : endpoints.redeemCode({ code, redirect, verifier })
}

/** Nothing in it is secret: it lies in the browser's history from then on. */
function authorizeAddress(
  { server, redirect, machine }: CodeFlowPorts,
  { state, challenge }: { state: string; challenge: string },
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirect,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
    // VS Code writes addresses anew on their way to the browser, and loses what would have to be escaped.
    machine: machine.replace(/[^A-Za-z0-9._-]/g, ''),
  })
  return `${server}/oauth/authorize?${query}`
}
