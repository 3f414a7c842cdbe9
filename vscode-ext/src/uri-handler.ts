import { commands, type Disposable, window } from 'vscode'
import type { Connection } from './connection/connection.ts'
import type { Standing } from './connection/standing.ts'
import { linkFollower } from './sign-in-link.ts'

export interface UriHandlerPorts {
  connection: Connection
  /** Asks for a token of that server; says whether somebody is signed in now. */
  signIn: (server: string) => Promise<boolean>
}

/** Answers the dashboard's "Open in VS Code". */
export function handleLinks({ connection, signIn }: UriHandlerPorts): Disposable {
  // A link may be what starts us: nobody has asked the server by then.
  const standing = () => Promise.allSettled([connection.ready()]).then(() => connection.standing())
  const follow = linkFollower({ standing, signIn, agree, welcome, refuse })
  return window.registerUriHandler({ handleUri: follow })
}

async function agree(server: string, now: Standing): Promise<boolean> {
  const instead = now.state === 'connected' ? ` You will be signed out of ${now.server.url}.` : ''
  const detail = `A link asks for this. Go on only if you know this address: it will get the token that you paste.${instead}`
  return (await window.showWarningMessage(`Sign in to ${server}?`, { modal: true, detail }, 'Sign In')) === 'Sign In'
}

function welcome(server: string): void {
  const open = 'Open Folder'
  void window.showInformationMessage(`You are signed in to ${server}.`, open).then((pressed) => {
    if (pressed === open) void commands.executeCommand('karvdash.openFolder')
  })
}

function refuse(): void {
  void window.showWarningMessage('Karvdash did not follow a link: it names no server to sign in to.')
}
