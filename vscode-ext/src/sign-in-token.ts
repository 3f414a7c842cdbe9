import { contract } from '@karvdash/common'
import { env, ThemeIcon, Uri } from 'vscode'
import { connectedBy } from './connection/connection.ts'
import { requireContract, serverId } from './connection/standing.ts'
import { askText } from './quick-input.ts'
import { wordsOf } from './sign-in-words.ts'

/** Asks for a personal token until the server takes it. */
export async function askToken(url: string, send: typeof fetch): Promise<string | 'back' | undefined> {
  const dashboard = { iconPath: new ThemeIcon('link-external'), tooltip: 'Open the dashboard, to make a token under "Account"' }
  const answer = await askText({
    place: { title: 'Sign in to Karvdash: Token', step: 3, totalSteps: 3 },
    prompt: `Paste a personal token. Make one at ${url}/#/account`,
    isSecret: true,
    check: async (text) => (text.trim() === '' ? 'Paste the token.' : refusalOf(url, text.trim(), send)),
    button: { icon: dashboard, press: () => void env.openExternal(Uri.parse(`${url}/#/account`, true)) },
  })
  return answer.kind === 'answer' ? answer.value.trim() : answer.kind === 'back' ? 'back' : undefined
}

/** Why a server does not let a token in, in words; undefined: it does. */
async function refusalOf(url: string, token: string, send: typeof fetch): Promise<string | undefined> {
  try {
    const { client } = connectedBy({ server: { id: serverId(url), url }, token: () => token }, send)
    requireContract(await client.call(contract.getVersion))
    await client.call(contract.getAccount)
    return undefined
  } catch (failure) {
    return wordsOf(failure, url)
  }
}
