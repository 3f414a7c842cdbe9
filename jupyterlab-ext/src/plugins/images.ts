import type { JupyterFrontEnd } from '@jupyterlab/application'
import { Clipboard, type ICommandPalette, Notification } from '@jupyterlab/apputils'
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser'
import { EntryPlace, imageOffer, openingOffer } from '@karvdash/common'
import { DomainBrowser } from '../browser/browser.ts'
import { type AddPorts, addFromComputer, addFromDomain } from '../images/add-image.ts'
import type { ImageActions } from '../images/image-section.ts'
import type { ImageStore } from '../images/store.ts'
import { told } from '../services/acts.ts'
import { type LaunchWithPorts, launchWith } from '../templates/launch-with.ts'
import { commandIds, type IKarvdash } from '../tokens.ts'
import { openNotice } from '../transfers/notice.ts'

export interface ImagePorts extends LaunchWithPorts {
  app: JupyterFrontEnd
  karvdash: IKarvdash
  palette: ICommandPalette | null
  browsers: IFileBrowserFactory | null
  images: ImageStore
}

/** Makes what is done with images, and commands for it. */
export function createImageActions(ports: ImagePorts): ImageActions {
  const { app, karvdash, palette, browsers, images } = ports
  const { session, jupyter } = karvdash
  const adding: AddPorts = {
    client: jupyter.client,
    user: () => session.status.account.name ?? '',
    open: openNotice,
    onAdded: () => void images.refresh(),
  }
  const isEnabled = () => session.status.state === 'ready'
  const { commands, contextMenu } = app
  commands.addCommand(commandIds.uploadImage, { label: 'Upload Image …', isEnabled, execute: () => addFromComputer(adding) })
  commands.addCommand(commandIds.addImage, {
    label: 'Add Image to the Registry …',
    isEnabled,
    execute: ({ isPointedAt }) => told(() => addFromDomain(adding, isPointedAt ? selected(browsers, 'file') : undefined)),
  })
  const rows = '.jp-Karvdash-browser .jp-DirListing-item[data-isdir="false"]'
  contextMenu.addItem({ command: commandIds.addImage, selector: rows, args: { isPointedAt: true }, rank: 9.6 })
  commands.addCommand(commandIds.openIn, {
    label: 'Open Folder in …',
    isEnabled,
    execute: () => told(() => openFolderIn(ports)),
  })
  const folders = '.jp-Karvdash-browser .jp-DirListing-item[data-isdir="true"]'
  contextMenu.addItem({ command: commandIds.openIn, selector: folders, rank: 9.6 })
  for (const command of [commandIds.uploadImage, commandIds.addImage]) palette?.addItem({ command, category: 'Karvdash' })
  return {
    addFromComputer: () => void addFromComputer(adding),
    addFromDomain: () => void told(() => addFromDomain(adding)),
    copyReference({ reference }) {
      Clipboard.copyToSystem(reference)
      Notification.info(`${reference} is copied.`, { autoClose: 3_000 })
    },
    launchWith: (image) => void told(() => launchWith(ports, 'Launch with this image', imageOffer(image.reference))),
  }
}

/** What is selected in the file browser of a domain, where it is a file or a folder as wished for. */
function selected(factory: IFileBrowserFactory | null, kind: 'file' | 'directory'): EntryPlace | undefined {
  const browser = factory?.tracker.currentWidget
  const [item] = browser instanceof DomainBrowser ? browser.selectedItems() : []
  const [, domain, path] = /^(\w+):(.*)$/s.exec(item?.path ?? '') ?? []
  const place = EntryPlace.safeParse({ domain, path })
  return (item?.type === 'directory') === (kind === 'directory') && place.success ? place.data : undefined
}

/** Offers the templates that show the folder which is selected. */
async function openFolderIn(ports: ImagePorts): Promise<void> {
  const place = selected(ports.browsers, 'directory')
  if (place) await launchWith(ports, 'Open this folder in …', openingOffer({ ...place, type: 'folder' }))
}
