import { commands, type Disposable, MarkdownString, StatusBarAlignment, window } from 'vscode'
import type { Connection } from './connection/connection.ts'
import type { Standing } from './connection/standing.ts'

interface Look {
  text: string
  tooltip: string
  command: string
}

/** Tells in the status bar how things stand, and keeps the context keys that the welcome views go by. */
export function showStatus(connection: Connection, isAmbient: boolean): Disposable {
  const item = window.createStatusBarItem('karvdash.status', StatusBarAlignment.Left, -10)
  item.name = 'Karvdash'
  void commands.executeCommand('setContext', 'karvdash.isAmbient', isAmbient)
  const show = (standing: Standing) => {
    const { text, tooltip, command } = lookOf(standing, isAmbient)
    Object.assign(item, { text, tooltip: new MarkdownString().appendText(tooltip), command })
    item.accessibilityInformation = { label: `Karvdash: ${tooltip}` }
    void commands.executeCommand('setContext', 'karvdash.state', standing.state)
  }
  connection.onChange(show)
  show(connection.standing())
  item.show()
  return item
}

function lookOf(standing: Standing, isAmbient: boolean): Look {
  const again = 'karvdash.refresh'
  switch (standing.state) {
    case 'starting':
      return { text: '$(loading~spin) Karvdash', tooltip: 'Karvdash starts', command: again }
    case 'signedOut':
      return { text: '$(account) Karvdash: Sign In', tooltip: 'Sign in to Karvdash', command: 'karvdash.signIn' }
    case 'connecting':
      return { text: '$(loading~spin) Karvdash', tooltip: `Connecting to ${standing.server.url}`, command: again }
    case 'connected':
      return {
        text: `$(account) ${standing.user.name}`,
        tooltip: `Signed in to ${standing.server.url} as ${standing.user.name}`,
        command: 'karvdash.services.focus',
      }
    case 'refused':
      return { text: '$(warning) Karvdash: Sign In', tooltip: standing.reason, command: isAmbient ? again : 'karvdash.signIn' }
    case 'untrusted':
      return {
        text: '$(warning) Karvdash: Not Trusted',
        tooltip: 'The certificate of the server is not trusted.',
        command: again,
      }
    case 'away':
      return { text: '$(debug-disconnect) Karvdash: Away', tooltip: standing.reason, command: again }
    case 'outdated':
      return { text: '$(warning) Karvdash: Other Version', tooltip: standing.reason, command: 'karvdash.openDashboard' }
  }
}
