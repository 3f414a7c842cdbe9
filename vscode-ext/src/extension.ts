import {
  commands,
  type ExtensionContext,
  type NotebookDocument,
  type TextDocument,
  type TreeView,
  type Uri,
  window,
  workspace,
} from 'vscode'
import { allCommands, registerCommands } from './commands.ts'
import { Connection } from './connection/connection.ts'
import { Files, scheme } from './files/provider.ts'
import { serverRoot } from './files/root.ts'
import { createImageStore } from './images/image-store.ts'
import { ImageView } from './images/image-view.ts'
import { createLogs } from './logs/logs.ts'
import type { Platform } from './platform.ts'
import { followIdle } from './services/idle-notices.ts'
import { createServiceStore } from './services/service-store.ts'
import { ServiceView } from './services/service-view.ts'
import { createShownTexts } from './shown-text.ts'
import { followSecretsAndLinks, signInPorts } from './signing-in.ts'
import { showStatus } from './status.ts'
import { createChecks } from './templates/checks.ts'
import { templateScheme } from './templates/template-address.ts'
import { TemplateFiles } from './templates/template-files.ts'
import { createTemplateStore } from './templates/template-store.ts'
import { TemplateView } from './templates/template-view.ts'

/** Starts the extension: registers everything, and asks the server nothing before it is needed. */
export function start(context: ExtensionContext, platform: Platform): void {
  const { ambient } = platform
  const signingIn = signInPorts(context, platform)
  const connection = new Connection({ fetch: platform.fetch })
  const parts = partsOf(context, connection)
  const { files, store, shelf, images, templateFiles } = parts
  const shelved = window.createTreeView('karvdash.templates', { treeDataProvider: new TemplateView(shelf) })
  const imageTree = window.createTreeView('karvdash.images', { treeDataProvider: new ImageView(images), showCollapseAll: true })
  context.subscriptions.push(
    workspace.registerFileSystemProvider(scheme, files, { isCaseSensitive: true }),
    workspace.registerFileSystemProvider(templateScheme, templateFiles, { isCaseSensitive: true }),
    window.createTreeView('karvdash.services', { treeDataProvider: new ServiceView(store, connection) }),
    shelved,
    imageTree,
    showStatus(connection, ambient !== undefined),
    { dispose: store.close },
    { dispose: followIdle(parts) },
    { dispose: () => files.connected(false) },
    ...[parts.texts, parts.logs, parts.checks],
    ...trackEditors({ [scheme]: files, [templateScheme]: templateFiles }),
    ...registerCommands(allCommands(context, { ...parts, ...platform, signingIn }), connection),
  )
  followConnection(parts)
  askWhenSeen(connection, shelf, shelved)
  askWhenSeen(connection, images, imageTree)
  if (ambient) connection.use(ambient)
  else followSecretsAndLinks(context, connection, signingIn)
}

type Parts = ReturnType<typeof partsOf>

function partsOf({ globalState }: ExtensionContext, connection: Connection) {
  const keeping = {
    get: (key: string) => globalState.get<string>(key),
    set: (key: string, text: string) => globalState.update(key, text),
  }
  const shelf = createTemplateStore(connection)
  return {
    connection,
    files: new Files({ connection, root: serverRoot(connection, keeping), maxOpenBytes }),
    templateFiles: new TemplateFiles(connection, () => void shelf.refresh().catch(() => undefined)),
    store: createServiceStore({ connection }),
    shelf,
    images: createImageStore(connection),
    texts: createShownTexts(),
    logs: createLogs(connection),
    checks: createChecks(connection),
  }
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

interface Asked {
  refresh(): Promise<void>
  clear(): void
}

/** What nobody tells of is asked for when somebody looks at it. */
function askWhenSeen(connection: Connection, asked: Asked, view: TreeView<unknown>): void {
  const look = () => {
    if (view.visible && connection.standing().state === 'connected') asked.refresh().catch(() => undefined)
  }
  view.onDidChangeVisibility(look)
  connection.onChange(({ state }) => {
    if (state === 'connected') look()
    else if (state !== 'away') asked.clear()
  })
}

function maxOpenBytes(): number {
  return workspace.getConfiguration('karvdash').get('files.maxOpenSizeMB', 50) * 2 ** 20
}

interface Edited {
  edited(uri: Uri, isDirty: boolean): void
}

/** Tells the files of each scheme which of them have changes that are not saved. */
function trackEditors(schemes: Record<string, Edited>) {
  const track = ({ uri, isDirty }: TextDocument | NotebookDocument) => schemes[uri.scheme]?.edited(uri, isDirty)
  return [
    workspace.onDidOpenTextDocument(track),
    workspace.onDidChangeTextDocument(({ document }) => track(document)),
    workspace.onDidSaveTextDocument(track),
    workspace.onDidChangeNotebookDocument(({ notebook }) => track(notebook)),
    workspace.onDidSaveNotebookDocument(track),
  ]
}
