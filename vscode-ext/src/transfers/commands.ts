import { Uri, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { type Files, scheme } from '../files/provider.ts'
import type { Disk } from './disk.ts'
import { download } from './download.ts'
import { folderAt, upload } from './upload.ts'

export interface TransferPorts {
  connection: Connection
  files: Files
  disk: Disk
}

/** What the Explorer hands over: the entry that was clicked, and all that are selected. The palette hands over nothing. */
export interface Transfers {
  upload(clicked?: Uri): Promise<void>
  download(clicked?: Uri, selected?: Uri[]): Promise<void>
}

/** Makes the commands; whoever has selected nothing is asked. */
export function createTransfers(ports: TransferPorts): Transfers {
  async function choose(what: 'folder' | 'entries'): Promise<Uri[] | undefined> {
    const { server } = await ports.connection.ready()
    const only = what === 'folder' ? { canSelectFiles: false, title: 'Upload where', openLabel: 'Upload Here' } : many
    return window.showOpenDialog({ ...only, canSelectFolders: true, defaultUri: placeOf(server.id) })
  }
  return {
    async upload(clicked) {
      const [chosen] = clicked ? [await folderAt(clicked)] : ((await choose('folder')) ?? [])
      if (chosen) await upload(ports, chosen)
    },
    async download(clicked, selected) {
      const chosen = selected?.length ? selected : clicked ? [clicked] : await choose('entries')
      if (chosen) await download(ports, chosen)
    },
  }
}

const many = { canSelectFiles: true, canSelectMany: true, title: 'Download what', openLabel: 'Download' }

/** Where people are: the folder of the file that they look at. */
function placeOf(server: string): Uri {
  const open = window.activeTextEditor?.document.uri
  if (open?.scheme === scheme) return Uri.joinPath(open, '..')
  return Uri.from({ scheme, authority: server, path: '/local' })
}
