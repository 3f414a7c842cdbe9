import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application'
import { createJupyter } from './jupyter.ts'
import { drives } from './plugins/drives.ts'
import { panel } from './plugins/panel.ts'
import { ServiceStore } from './services/store.ts'
import { Session } from './session.ts'
import { IKarvdash } from './tokens.ts'

/** The way to the platform, who is signed in, and the services. */
const connection: JupyterFrontEndPlugin<IKarvdash> = {
  id: '@karvdash/jupyterlab:connection',
  description: 'The connection to Karvdash, by the server part of this extension.',
  autoStart: true,
  provides: IKarvdash,
  activate: ({ serviceManager }: JupyterFrontEnd) => {
    const jupyter = createJupyter(serviceManager.serverSettings, (failure) => session.suspect(failure))
    const session = new Session(jupyter)
    // Nothing waits for it: JupyterLab is there before the platform has answered.
    void session.refresh()
    return { jupyter, session, services: new ServiceStore(jupyter, session) }
  },
}

// biome-ignore lint/style/noDefaultExport: JupyterLab looks for the plugins there
export default [connection, drives, panel]
