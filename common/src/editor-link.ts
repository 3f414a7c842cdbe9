/** What VS Code calls our extension: its publisher and its name. */
export const extensionId = 'karvdash.karvdash'

/** Where in the extension a link to sign in leads. */
export const signInPath = '/sign-in'

/**
 * A link that has a VS Code ask its user to sign in to a server. Anybody can make one: it names the server, and nothing secret.
 * @example
 * signInLink('vscode', 'https://karvdash.example.org') // vscode://karvdash.karvdash/sign-in?server=https%3A%2F%2Fkarvdash.example.org
 */
export function signInLink(scheme: string, server: string): string {
  return `${scheme}://${extensionId}${signInPath}?${new URLSearchParams({ server })}`
}
