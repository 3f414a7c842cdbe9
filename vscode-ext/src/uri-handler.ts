import { commands, type Disposable, type Uri, window } from 'vscode'
import type { Connection } from './connection/connection.ts'
import type { Standing } from './connection/standing.ts'
import { type Callbacks, callbackPath } from './oauth/callbacks.ts'
import { linkFollower } from './sign-in-link.ts'

export interface UriHandlerPorts {
  connection: Connection
  callbacks: Callbacks
  /** Signs in to that server; says whether somebody is signed in now. */
  signIn: (server: string) => Promise<boolean>
}

/** Answers the dashboard's "Open in VS Code", and takes what the browser brings to a sign-in. */
export function handleLinks({ connection, callbacks, signIn }: UriHandlerPorts): Disposable {
  // A link may be what starts us: nobody has asked the server by then.
  const standing = () => Promise.allSettled([connection.ready()]).then(() => connection.standing())
  const follow = linkFollower({ standing, signIn, agree, welcome, refuse })
  const handleUri = (uri: Uri) => (uri.path === callbackPath ? callbacks.receive(uri) : follow(uri))
  return window.registerUriHandler({ handleUri })
}

async function agree(server: string, now: Standing): Promise<boolean> {
  const instead = now.state === 'connected' ? ` You will be signed out of ${now.server.url}.` : ''
  const detail = `A link asks for this. Go on only if you know this address: you will sign in there.${instead}`
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
