import { Problem } from '@karvdash/common'
import { commands, type ExtensionContext, env, type NotebookDocument, type TextDocument, Uri, window, workspace } from 'vscode'
import { Connection, type Credentials } from './connection/connection.ts'
import { workspaceFileName } from './files/location.ts'
import { Files, scheme } from './files/provider.ts'
import { serverRoot } from './files/root.ts'
import { createCallbacks } from './oauth/callbacks.ts'
import type { Alone } from './oauth/grant.ts'
import { createVault } from './oauth/vault.ts'
import { isCancelled } from './progress.ts'
import { createServiceCommands } from './services/commands.ts'
import { createServiceStore, type ServiceStore } from './services/service-store.ts'
import { ServiceView } from './services/service-view.ts'
import { type SignInPorts, signIn } from './sign-in.ts'
import { createKeeper } from './sign-in-kept.ts'
import { sharedMedium } from './sign-in-media.ts'
import { showStatus } from './status.ts'
import { createTransfers } from './transfers/commands.ts'
import type { Disk } from './transfers/disk.ts'
import { handleLinks } from './uri-handler.ts'

/** What the host that we run in brings. */
export interface Platform {
  /** Credentials that are there without anybody signing in. */
  ambient?: Credentials | undefined
  /** Asks the server, trusting whom the host trusts. */
  fetch: typeof fetch
  /** What people know this machine by. */
  machine: string
  /** Lets one window after the other do something. */
  alone: Alone
  disk: Disk
}

const lastServer = 'karvdash.lastServer'

/** Starts the extension: registers everything, and asks the server nothing before it is needed. */
export function start(context: ExtensionContext, platform: Platform): void {
  const { ambient, fetch, disk } = platform
  const signingIn = signInPorts(context, platform)
  const connection = new Connection({ fetch })
  const { globalState } = context
  const keeping = {
    get: (key: string) => globalState.get<string>(key),
    set: (key: string, text: string) => globalState.update(key, text),
  }
  const files = new Files({ connection, root: serverRoot(connection, keeping), maxOpenBytes })
  const store = createServiceStore({ connection })
  context.subscriptions.push(
    workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }),
    window.createTreeView('karvdash.services', { treeDataProvider: new ServiceView(store, connection) }),
    showStatus(connection, ambient !== undefined),
    { dispose: store.close },
    { dispose: () => files.connected(false) },
    ...trackEditors(files),
    ...registerCommands(context, { connection, files, store, ambient, signingIn, disk }),
  )
  followConnection({ connection, files, store })
  if (ambient) connection.use(ambient)
  else followSecretsAndLinks(context, connection, signingIn)
}

interface Parts {
  connection: Connection
  files: Files
  store: ServiceStore
}

/** Who signs in anew sees everything anew; who comes back after trouble sees what changed meanwhile. */
function followConnection({ connection, files, store }: Parts): void {
  connection.onChange(({ state }) => {
    // Streams come back by themselves from a server that is away.
    files.connected(state === 'connected' || state === 'away')
    if (state === 'connecting') store.restart()
    // Whose connection breaks off again hears of it from the status.
    if (state === 'connected') files.refresh().catch(() => undefined)
  })
  store.onChange(() => void commands.executeCommand('setContext', 'karvdash.servicesKnown', store.isKnown()))
}

function signInPorts({ secrets, globalStorageUri }: ExtensionContext, { fetch, machine, alone }: Platform): SignInPorts {
  const vault = createVault(sharedMedium(secrets, globalStorageUri))
  return { fetch, machine, callbacks: createCallbacks(), keeper: createKeeper({ secrets, vault, alone, fetch }) }
}

function followSecretsAndLinks(context: ExtensionContext, connection: Connection, ports: SignInPorts): void {
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
async function signInHere({ globalState }: ExtensionContext, ports: SignInPorts, agreed?: string): Promise<string | undefined> {
  const server = await signIn({ ...ports, lastUrl: globalState.get(lastServer) }, agreed)
  if (server !== undefined) await globalState.update(lastServer, server)
  return server
}

async function signOut({ keeper }: SignInPorts): Promise<void> {
  if (await keeper.forget()) return
  const told = 'You are signed out here. The server could not be told: disconnect this editor in the dashboard, under Account.'
  void window.showInformationMessage(told)
}

interface CommandPorts extends Parts {
  ambient: Credentials | undefined
  signingIn: SignInPorts
  disk: Disk
}

function registerCommands(context: ExtensionContext, ports: CommandPorts) {
  const { connection, files, store, ambient, signingIn, disk } = ports
  const transfers = createTransfers({ connection, files, disk })
  const services = createServiceCommands(connection, store)
  const { globalState } = context
  const all: Record<string, (...given: never[]) => Promise<unknown> | Thenable<unknown>> = {
    signIn: () => signInHere(context, signingIn),
    signOut: () => signOut(signingIn),
    openFolder: () => openFolder(connection),
    launchService: services.launch,
    openService: services.open,
    deleteService: services.remove,
    upload: transfers.upload,
    download: transfers.download,
    openDashboard: async () => {
      const url = ambient?.server.url ?? globalState.get<string>(lastServer)
      if (url) await env.openExternal(Uri.parse(url, true))
    },
    refresh: async () => {
      connection.retry()
      store.restart()
      await files.refresh()
    },
  }
  return Object.entries(all).map(([name, run]) => commands.registerCommand(`karvdash.${name}`, guarded(run, connection)))
}

/** A command that fails says so in one sentence; trouble with the connection is shown in its place, with what to do. */
function guarded(run: (...given: never[]) => PromiseLike<unknown>, connection: Connection) {
  return async (...given: never[]): Promise<void> => {
    try {
      await run(...given)
    } catch (failure) {
      if (isCancelled(failure)) return
      if (connection.standing().state !== 'connected') await commands.executeCommand('karvdash.services.focus')
      else
        void window.showErrorMessage(
          failure instanceof Problem ? failure.message : 'Something went wrong in the extension. Try again.',
        )
    }
  }
}

/** Opens all domains as one workspace. */
async function openFolder(connection: Connection): Promise<void> {
  const { server } = await connection.ready()
  const file = Uri.from({ scheme, authority: server.id, path: `/${workspaceFileName}` })
  await commands.executeCommand('vscode.openFolder', file, { forceReuseWindow: true })
}

function maxOpenBytes(): number {
  return workspace.getConfiguration('karvdash').get('files.maxOpenSizeMB', 50) * 2 ** 20
}

/** Tells the files which of them have changes that are not saved. */
function trackEditors(files: Files) {
  const track = ({ uri, isDirty }: TextDocument | NotebookDocument) => {
    if (uri.scheme === scheme) files.edited(uri, isDirty)
  }
  return [
    workspace.onDidOpenTextDocument(track),
    workspace.onDidChangeTextDocument(({ document }) => track(document)),
    workspace.onDidSaveTextDocument(track),
    workspace.onDidChangeNotebookDocument(({ notebook }) => track(notebook)),
    workspace.onDidSaveNotebookDocument(track),
  ]
}
