import {
  type ArchivedImages,
  additionWords,
  awaitAddition,
  contract,
  type EntryPlace,
  type ImageName,
  ImageNameText,
  type NewImage,
  type TransferClient,
  uploadImages,
} from '@karvdash/common'
import { type Uri, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import type { Files } from '../files/provider.ts'
import { scheme } from '../files/provider.ts'
import { type Underway, underway } from '../progress.ts'
import { askText } from '../quick-input.ts'
import type { Disk } from '../transfers/disk.ts'
import type { ImageStore } from './image-store.ts'

export interface AddPorts {
  connection: Connection
  files: Files
  disk: Disk
  images: ImageStore
}

type Adding = Pick<NewImage, 'as' | 'overwrite'>

/** Adds the images of a file: one that lies in a domain from where it is, another is uploaded first. */
export async function addImages(ports: AddPorts, clicked?: Uri): Promise<void> {
  const file = clicked ?? (await chooseFile(ports.disk))
  if (!file) return
  const place = file.scheme === scheme ? await ports.files.place(file) : undefined
  const from = place && { domain: place.domain, path: place.path }
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  const inside = from && (await ports.connection.with(({ client }) => client.call(contract.readImageArchive, { body: from })))
  const adding = await askName(ports, name, inside)
  if (!adding) return
  const names = await underway(`Adding ${name}`, (progress) => add(ports, { file, from, name, adding }, progress))
  void window.setStatusBarMessage(`$(check) ${names.join(', ')} added.`, toldMs)
  await ports.images.refresh()
}

const toldMs = 10_000

async function chooseFile({ home }: Disk): Promise<Uri | undefined> {
  const title = 'Add Image: a file that docker save, podman save, skopeo or buildah wrote'
  return (await window.showOpenDialog({ title, openLabel: 'Add', defaultUri: home }))?.[0]
}

/** Under which name; where the archive says names of its own, they may be kept. Undefined: the person went away. */
async function askName({ connection }: AddPorts, file: string, inside: ArchivedImages | undefined): Promise<Adding | undefined> {
  // Of several images none can be named.
  if (inside && inside.images.length > 1) return { overwrite: false }
  const standing = connection.standing()
  const own = standing.state === 'connected' ? standing.user.name : ''
  const told = inside?.images.flatMap(({ names }) => names) ?? []
  const prompt = `${told.length > 0 ? `It holds ${told.join(', ')}. ` : ''}A name such as ${own}/app:1; left empty, each image has its own name below ${own}/.`
  const answer = await askText({
    ...{ place: { title: `Add ${file}`, step: 1, totalSteps: 1 }, prompt, placeholder: `${own}/…` },
    check: (text) => (text.trim() === '' ? undefined : ImageNameText.safeParse(text).error?.issues[0]?.message),
  })
  if (answer.kind !== 'answer') return undefined
  const as = ImageNameText.safeParse(answer.value).data
  if (!as) return { overwrite: false }
  const overwrite = await isReplaced(connection, as)
  return overwrite === undefined ? undefined : { as, overwrite }
}

/** Whether a tag that is there already is to be replaced. Undefined: not, and nothing is to be added. */
async function isReplaced(connection: Connection, { repository, tag }: ImageName): Promise<boolean | undefined> {
  const query = { repository, search: tag, limit: 500 }
  const { items } = await connection.with(({ client }) => client.call(contract.listImageTags, { query }))
  if (!items.some((one) => one.tag === tag)) return false
  const detail = 'Pods that run keep what they have.'
  const question = `${repository}:${tag} is there already. Replace it?`
  return (await window.showWarningMessage(question, { modal: true, detail }, 'Replace')) === 'Replace' || undefined
}

interface Task {
  file: Uri
  /** Where it lies, if that is a domain. */
  from: EntryPlace | undefined
  name: string
  adding: Adding
}

async function add({ connection, disk }: AddPorts, { file, from, name, adding }: Task, progress: Underway): Promise<string[]> {
  const { signal } = progress
  return connection.with(async ({ client }) => {
    const begun = from
      ? await client.call(contract.addImage, { body: { ...adding, from, removeFile: false } })
      : await sent(client, disk, { file, name, adding }, progress)
    const ended = await awaitAddition(client, begun.id, {
      signal,
      onChange(addition) {
        progress.say(additionWords(addition))
        progress.report(addition.done.bytes, addition.total?.bytes)
      },
    })
    return ended.names
  })
}

async function sent(client: TransferClient, disk: Disk, task: Omit<Task, 'from'>, { signal, report, say }: Underway) {
  const { source, close } = await disk.open(task.file)
  say('Uploading')
  try {
    return await uploadImages(client, { ...task, bytes: source }, { signal, onProgress: report })
  } finally {
    await close()
  }
}
