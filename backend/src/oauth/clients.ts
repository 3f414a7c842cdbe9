/** A program that people sign in to; none can keep a secret (RFC 6749 §2.1: public clients). */
export interface OAuthClient {
  id: string
  /** As people know it. */
  name: string
  /** Addresses of programs on the same machine, matched as they are (RFC 6749 §3.1.2.3). */
  redirects: readonly string[]
  /** Whether it may listen at a loopback address, on any port (RFC 8252 §7.3). */
  mayListen: boolean
}

const desktops = ['vscode', 'vscode-insiders', 'vscodium']

const clients: readonly OAuthClient[] = [
  {
    id: 'karvdash-vscode',
    name: 'VS Code',
    redirects: desktops.map((scheme) => `${scheme}://karvdash.karvdash/auth`),
    mayListen: true,
  },
  { id: 'karvdash-jupyterlab', name: 'JupyterLab', redirects: [], mayListen: false },
  { id: 'karvdash-cli', name: 'A program on the command line', redirects: [], mayListen: true },
]

/** The client of this id. */
export function clientOf(id: string): OAuthClient | undefined {
  return clients.find((client) => client.id === id)
}

/** Whether answers for a client may go to an address. */
export function mayRedirect({ redirects, mayListen }: OAuthClient, uri: string): boolean {
  return redirects.includes(uri) || (mayListen && isLoopback(uri))
}

/** `http://127.0.0.1:<port>/callback`, or the same of ::1: names such as localhost can be led elsewhere (RFC 8252 §8.3). */
function isLoopback(uri: string): boolean {
  const [, port] = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):([1-9]\d{0,4})\/callback$/.exec(uri) ?? []
  return port !== undefined && Number(port) <= 65_535
}
