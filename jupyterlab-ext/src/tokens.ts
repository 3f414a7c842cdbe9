import { Token } from '@lumino/coreutils'
import type { Jupyter } from './jupyter.ts'
import type { ServiceStore } from './services/store.ts'
import type { Session } from './session.ts'

/** What the plugins of this extension share. */
export interface IKarvdash {
  jupyter: Jupyter
  session: Session
  services: ServiceStore
}

/** The token by which they ask for it. */
export const IKarvdash = new Token<IKarvdash>('@karvdash/jupyterlab:IKarvdash')

/** The commands, as the palette and other extensions call them. */
export const commandIds = {
  show: 'karvdash:show',
  signIn: 'karvdash:sign-in',
  signOut: 'karvdash:sign-out',
  openDomain: 'karvdash:open-domain',
  launch: 'karvdash:launch-service',
  open: 'karvdash:open-service',
  copyAddress: 'karvdash:copy-address',
  logs: 'karvdash:show-logs',
  terminal: 'karvdash:open-terminal',
  update: 'karvdash:update-service',
  stop: 'karvdash:stop-service',
  resume: 'karvdash:resume-service',
  restart: 'karvdash:restart-service',
  keep: 'karvdash:keep-service',
  remove: 'karvdash:delete-service',
  newTemplate: 'karvdash:new-template',
  importTemplate: 'karvdash:import-template',
  editTemplate: 'karvdash:edit-template',
  exportTemplate: 'karvdash:export-template',
  deleteTemplate: 'karvdash:delete-template',
  saveTemplate: 'karvdash:save-template',
  retry: 'karvdash:retry',
  archive: 'karvdash:download-archive',
  uploadImage: 'karvdash:upload-image',
  addImage: 'karvdash:add-image',
  openIn: 'karvdash:open-folder-in',
}
