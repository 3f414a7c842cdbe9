import { contract, Problem } from '@karvdash/common'
import { env, type SecretStorage, ThemeIcon, Uri } from 'vscode'
import { type Connection, type Credentials, connectedBy } from './connection/connection.ts'
import { originOf, requireContract, serverId, troubleOf } from './connection/standing.ts'
import { askText } from './quick-input.ts'

const key = 'karvdash.signIn'

/** What is kept of signing in, in one piece: a server's address never goes with another's token. */
interface Kept {
  url: string
  token: string
}

export interface SignInPorts {
  secrets: SecretStorage
  fetch: typeof fetch
  /** Who signed in here before will want the same server. */
  lastUrl?: string | undefined
}

/** Asks for the server, unless one was agreed to, and for a personal token, and checks both before anything is kept. */
export async function signIn({ secrets, fetch, lastUrl = '' }: SignInPorts, agreed?: string): Promise<Kept | undefined> {
  for (let url = agreed ?? (await askServer(lastUrl)); url !== undefined; url = await askServer(url)) {
    const token = await askToken(url, fetch)
    if (token === undefined) return undefined
    if (token === 'back') continue
    const kept = { url, token }
    await secrets.store(key, JSON.stringify(kept))
    return kept
  }
  return undefined
}

/** What was kept, as credentials; undefined: nobody is signed in. */
export async function keptCredentials(secrets: SecretStorage): Promise<Credentials | undefined> {
  const text = await secrets.get(key)
  return text === undefined ? undefined : credentialsOf(JSON.parse(text) as Kept)
}

/** Forgets the token. */
export function forget(secrets: SecretStorage): Thenable<void> {
  return secrets.delete(key)
}

/** Whether a change of the secrets is about signing in, such as in another window. */
export function isOurs(changed: { key: string }): boolean {
  return changed.key === key
}

/** Takes over what was kept. */
export async function adopt(secrets: SecretStorage, connection: Connection): Promise<void> {
  const credentials = await keptCredentials(secrets)
  connection.use(credentials)
}

async function askServer(value: string): Promise<string | undefined> {
  const answer = await askText({
    place: { title: 'Sign in to Karvdash: Server', step: 1, totalSteps: 2 },
    prompt: 'Address of the dashboard',
    value,
    placeholder: 'https://karvdash.example.org',
    check: (text) => (originOf(text) === undefined ? 'Enter the address of the dashboard: https://…' : undefined),
  })
  return answer.kind === 'answer' ? originOf(answer.value) : undefined
}

async function askToken(url: string, send: typeof fetch): Promise<string | 'back' | undefined> {
  const dashboard = { iconPath: new ThemeIcon('link-external'), tooltip: 'Open the dashboard, to make a token under "Account"' }
  const answer = await askText({
    place: { title: 'Sign in to Karvdash: Token', step: 2, totalSteps: 2 },
    prompt: `Paste a personal token. Make one at ${url}/#/account`,
    isSecret: true,
    check: async (text) => (text.trim() === '' ? 'Paste the token.' : refusalOf({ url, token: text.trim() }, send)),
    button: { icon: dashboard, press: () => void env.openExternal(Uri.parse(`${url}/#/account`, true)) },
  })
  return answer.kind === 'answer' ? answer.value.trim() : answer.kind === 'back' ? 'back' : undefined
}

/** Why a server does not let a token in, in words; undefined: it does. */
async function refusalOf(kept: Kept, send: typeof fetch): Promise<string | undefined> {
  try {
    const { client } = connectedBy(credentialsOf(kept), send)
    requireContract(await client.call(contract.getVersion))
    await client.call(contract.getAccount)
    return undefined
  } catch (failure) {
    return wordsOf(failure, kept.url)
  }
}

function wordsOf(failure: unknown, url: string): string {
  switch (troubleOf(failure)) {
    case 'refused':
      return 'The server does not know this token. It may have expired: make another.'
    case 'untrusted':
      return `The certificate of ${url} is not trusted on this machine.`
    case 'away':
      return `${url} cannot be reached. Is the address right?`
    default:
      return failure instanceof Problem && failure.status !== 404 ? failure.message : `There is no Karvdash at ${url}.`
  }
}

function credentialsOf({ url, token }: Kept): Credentials {
  return { server: { id: serverId(url), url }, token: () => token }
}
