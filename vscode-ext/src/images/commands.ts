import { contract, imageOffer, openingOffer } from '@karvdash/common'
import { env, type Uri, window } from 'vscode'
import { scheme } from '../files/provider.ts'
import { type LaunchWithPorts, launchWith } from '../services/launch-with.ts'
import { type AddPorts, addImages } from './add-image.ts'
import { chooseImage } from './choose-image.ts'
import type { ImageNode } from './image-view.ts'

export type ImagePorts = AddPorts & LaunchWithPorts

/** What people do with images, by the names of the commands. */
export function imageCommands(ports: ImagePorts) {
  const { images, connection } = ports
  const wanted = async (clicked?: ImageNode) => (clicked?.kind === 'tag' ? clicked.image : chooseImage(connection))
  return {
    addImage: (clicked?: Uri) => addImages(ports, clicked),
    refreshImages: () => images.refresh(),
    moreImages: () => images.more(),
    async copyImageReference(clicked?: ImageNode) {
      const image = await wanted(clicked)
      if (!image) return
      await env.clipboard.writeText(image.reference)
      void window.setStatusBarMessage(`$(check) ${image.reference} is copied.`, toldMs)
    },
    async launchImage(clicked?: ImageNode) {
      const image = await wanted(clicked)
      if (image) await launchWith(ports, 'Launch with This Image', imageOffer(image.reference))
    },
    async openFolderIn(clicked?: Uri) {
      if (clicked?.scheme !== scheme) return
      const { domain, path } = await ports.files.place(clicked)
      await launchWith(ports, 'Open This Folder in…', openingOffer({ domain, path, type: 'folder' }))
    },
    async deleteImage(clicked?: ImageNode) {
      if (clicked?.kind === 'tag') await remove(ports, clicked)
    },
  }
}

const toldMs = 10_000

/** Tells what goes along, asks, and deletes. */
async function remove({ connection, images }: ImagePorts, node: Extract<ImageNode, { kind: 'tag' }>): Promise<void> {
  const name = { repository: node.repository.name, tag: node.image.tag }
  const { client } = await connection.ready()
  const { digest, tags, services } = await client.call(contract.getImageUses, { query: name })
  const also = tags.map((tag) => `The tag ${tag} names the same image, and goes with it.`)
  const used = services.map(({ user, service }) => `${service} of ${user} uses it.`)
  const detail = [...also, ...(used.length > 0 ? used : ['No service uses it.']), 'It cannot be brought back.'].join('\n')
  const question = `Delete ${name.repository}:${name.tag}?`
  if ((await window.showWarningMessage(question, { modal: true, detail }, 'Delete')) !== 'Delete') return
  await client.call(contract.deleteImage, { query: { ...name, digest } })
  await images.refresh()
}
