import { type ExtensionContext, window } from 'vscode'
import type { Connection } from './connection/connection.ts'
import { createCallbacks } from './oauth/callbacks.ts'
import { createVault } from './oauth/vault.ts'
import type { Platform } from './platform.ts'
import { type SignInPorts, signIn } from './sign-in.ts'
import { createKeeper } from './sign-in-kept.ts'
import { sharedMedium } from './sign-in-media.ts'
import { handleLinks } from './uri-handler.ts'

const lastServer = 'karvdash.lastServer'

/** The server that somebody signed in to last. */
export function lastServerOf({ globalState }: ExtensionContext): string | undefined {
  return globalState.get<string>(lastServer)
}

/** What signing in needs of the host. */
export function signInPorts({ secrets, globalStorageUri }: ExtensionContext, { fetch, machine, alone }: Platform): SignInPorts {
  const vault = createVault(sharedMedium(secrets, globalStorageUri))
  return { fetch, machine, callbacks: createCallbacks(), keeper: createKeeper({ secrets, vault, alone, fetch }) }
}

/** Uses the sign-in that is kept, whichever window changes it, and follows links to the extension. */
export function followSecretsAndLinks(context: ExtensionContext, connection: Connection, ports: SignInPorts): void {
  const { secrets, subscriptions } = context
  const { keeper, callbacks } = ports
  const adopt = async () => connection.use(await keeper.credentials())
  const enter = async (server: string) => (await signInHere(context, ports, server)) !== undefined
  subscriptions.push(
    secrets.onDidChange((changed) => void (keeper.isOurs(changed) && adopt())),
    handleLinks({ connection, callbacks, signIn: enter }),
  )
  void adopt()
}

/** Signs in, and remembers where: the same server will be wanted again. */
export async function signInHere(
  { globalState }: ExtensionContext,
  ports: SignInPorts,
  agreed?: string,
): Promise<string | undefined> {
  const server = await signIn({ ...ports, lastUrl: globalState.get(lastServer) }, agreed)
  if (server !== undefined) await globalState.update(lastServer, server)
  return server
}

/** Signs out here, and ends the sign-in at the server. */
export async function signOut({ keeper }: SignInPorts): Promise<void> {
  if (await keeper.forget()) return
  const told = 'You are signed out here. The server could not be told: disconnect this editor in the dashboard, under Account.'
  void window.showInformationMessage(told)
}
