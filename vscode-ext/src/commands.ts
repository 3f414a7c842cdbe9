import { commands, type Disposable, type ExtensionContext, env, Uri, window } from 'vscode'
import type { Connection, Credentials } from './connection/connection.ts'
import { workspaceFileName } from './files/location.ts'
import { type Files, scheme } from './files/provider.ts'
import { imageCommands } from './images/commands.ts'
import type { ImageStore } from './images/image-store.ts'
import { logCommands } from './logs/commands.ts'
import type { Logs } from './logs/logs.ts'
import { isCancelled } from './progress.ts'
import { launchOne, serviceCommands } from './services/commands.ts'
import type { ServiceStore } from './services/service-store.ts'
import type { ShownTexts } from './shown-text.ts'
import type { SignInPorts } from './sign-in.ts'
import { lastServerOf, signInHere, signOut } from './signing-in.ts'
import type { Checks } from './templates/checks.ts'
import { templateCommands } from './templates/commands.ts'
import type { TemplateStore } from './templates/template-store.ts'
import { type Connect, terminalCommands } from './terminals/terminals.ts'
import { createTransfers } from './transfers/commands.ts'
import type { Disk } from './transfers/disk.ts'
import { sentenceOf } from './words.ts'

export interface CommandPorts {
  connection: Connection
  files: Files
  store: ServiceStore
  shelf: TemplateStore
  images: ImageStore
  texts: ShownTexts
  logs: Logs
  checks: Checks
  ambient?: Credentials | undefined
  signingIn: SignInPorts
  disk: Disk
  connect?: Connect
}

/** What a command does; the menus that it stands in give it what was clicked. */
type Command = (...given: never[]) => PromiseLike<unknown>

/** All commands, by their names without the prefix. */
export function allCommands(context: ExtensionContext, ports: CommandPorts): Record<string, Command> {
  const { connection, files, store, shelf, images, ambient, signingIn } = ports
  const transfers = createTransfers(ports)
  return {
    ...serviceCommands(ports),
    ...logCommands(ports),
    ...terminalCommands(ports),
    ...templateCommands({ ...ports, store: shelf, launch: (template) => launchOne(ports, template) }),
    ...imageCommands({ ...ports, launch: (template, filled) => launchOne(ports, template, filled) }),
    signIn: () => signInHere(context, signingIn),
    signOut: () => signOut(signingIn),
    openFolder: () => openFolder(connection),
    upload: transfers.upload,
    download: transfers.download,
    async openDashboard() {
      const url = ambient?.server.url ?? lastServerOf(context)
      if (url) await env.openExternal(Uri.parse(url, true))
    },
    async refresh() {
      connection.retry()
      store.restart()
      await Promise.all([files.refresh(), shelf.refresh(), images.refresh()])
    },
  }
}

/** Offers commands to VS Code. */
export function registerCommands(all: Record<string, Command>, connection: Connection): Disposable[] {
  return Object.entries(all).map(([name, run]) => commands.registerCommand(`karvdash.${name}`, guarded(run, connection)))
}

/** A command that fails says so in one sentence; trouble with the connection is shown in its place, with what to do. */
function guarded(run: Command, connection: Connection) {
  return async (...given: never[]): Promise<void> => {
    try {
      await run(...given)
    } catch (failure) {
      if (isCancelled(failure)) return
      if (connection.standing().state !== 'connected') await commands.executeCommand('karvdash.services.focus')
      else void window.showErrorMessage(sentenceOf(failure))
    }
  }
}

/** Opens all domains as one workspace. */
async function openFolder(connection: Connection): Promise<void> {
  const { server } = await connection.ready()
  const file = Uri.from({ scheme, authority: server.id, path: `/${workspaceFileName}` })
  await commands.executeCommand('vscode.openFolder', file, { forceReuseWindow: true })
}
