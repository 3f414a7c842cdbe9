import { Problem } from '@karvdash/common'
import { commands, type ExtensionContext, env, type NotebookDocument, type TextDocument, Uri, window, workspace } from 'vscode'
import { Connection, type Credentials } from './connection/connection.ts'
import { workspaceFileName } from './files/location.ts'
import { Files, scheme } from './files/provider.ts'
import { serverRoot } from './files/root.ts'
import { createServiceCommands } from './services/commands.ts'
import { createServiceStore, type ServiceStore } from './services/service-store.ts'
import { ServiceView } from './services/service-view.ts'
import { adopt, forget, isOurs, signIn } from './sign-in.ts'
import { showStatus } from './status.ts'
import { handleLinks } from './uri-handler.ts'

/** What the host that we run in brings. */
export interface Platform {
  /** Credentials that are there without anybody signing in. */
  ambient?: Credentials | undefined
  /** Asks the server, trusting whom the host trusts. */
  fetch: typeof fetch
}

const lastServer = 'karvdash.lastServer'

/** Starts the extension: registers everything, and asks the server nothing before it is needed. */
export function start(context: ExtensionContext, { ambient, fetch }: Platform): void {
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
    ...trackEditors(files),
    ...registerCommands(context, { connection, files, store, ambient, fetch }),
  )
  followConnection({ connection, files, store })
  if (ambient) connection.use(ambient)
  else followSecretsAndLinks(context, connection, fetch)
}

interface Parts {
  connection: Connection
  files: Files
  store: ServiceStore
}

/** Who signs in anew sees everything anew; who comes back after trouble sees what changed meanwhile. */
function followConnection({ connection, files, store }: Parts): void {
  connection.onChange(({ state }) => {
    if (state === 'connecting') store.restart()
    // Whose connection breaks off again hears of it from the status.
    if (state === 'connected') files.refresh().catch(() => undefined)
  })
  store.onChange(() => void commands.executeCommand('setContext', 'karvdash.servicesKnown', store.isKnown()))
}

function followSecretsAndLinks(context: ExtensionContext, connection: Connection, send: typeof fetch): void {
  const { secrets, subscriptions } = context
  const enter = async (server: string) => (await signInHere(context, send, server)) !== undefined
  subscriptions.push(
    secrets.onDidChange((changed) => void (isOurs(changed) && adopt(secrets, connection))),
    handleLinks({ connection, signIn: enter }),
  )
  void adopt(secrets, connection)
}

/** Signs in, and remembers where: the same server will be wanted again. */
async function signInHere({ secrets, globalState }: ExtensionContext, send: typeof fetch, agreed?: string) {
  const kept = await signIn({ secrets, fetch: send, lastUrl: globalState.get(lastServer) }, agreed)
  if (kept) await globalState.update(lastServer, kept.url)
  return kept
}

function registerCommands(context: ExtensionContext, { connection, files, store, ambient, fetch }: Parts & Platform) {
  const services = createServiceCommands(connection, store)
  const { secrets, globalState } = context
  const all: Record<string, (...given: never[]) => Promise<unknown> | Thenable<unknown>> = {
    signIn: () => signInHere(context, fetch),
    signOut: () => forget(secrets),
    openFolder: () => openFolder(connection),
    launchService: services.launch,
    openService: services.open,
    deleteService: services.remove,
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
