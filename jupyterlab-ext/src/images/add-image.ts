import { Dialog, showDialog } from '@jupyterlab/apputils'
import {
  additionWords,
  awaitAddition,
  contract,
  type EntryPlace,
  FilePath,
  type ImageAddition,
  type ImageFile,
  ImageNameText,
  type TransferClient,
  uploadImages,
} from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { sentenceOf } from '../jupyter.ts'
import { element } from '../panel/element.ts'
import { type DrawnField, drawField } from '../panel/field.ts'
import type { OpenNotice } from '../transfers/notice.ts'
import { shortName } from '../transfers/short-name.ts'

export interface AddPorts {
  client: TransferClient
  /** Whose names one adds to. */
  user: () => string
  open: OpenNotice
  onAdded: () => void
}

type Adding = ImageFile['adding']

/** Lets people choose a file of their computer, and adds its images. */
export async function addFromComputer(ports: AddPorts): Promise<void> {
  const file = await chooseFile()
  const asked = file && (await ask(ports, file.name, undefined))
  if (!file || !asked) return
  const { client } = ports
  await followed(ports, file.name, async (signal, say) => {
    const onProgress = (sent: number, size: number) => say(`Uploading ${shortName(file.name)}: ${percent(sent, size)}`)
    return uploadImages(client, { name: file.name, bytes: file, adding: asked.adding }, { signal, onProgress })
  })
}

/** Adds the images of a file that lies in a domain; without one, people say which. */
export async function addFromDomain(ports: AddPorts, place?: EntryPlace): Promise<void> {
  const asked = await ask(ports, 'Add an image', place)
  if (!asked?.place) return
  const { adding, place: from } = asked
  const begin = () => ports.client.call(contract.addImage, { body: { ...adding, from, removeFile: false } })
  await followed(ports, from.path, begin)
}

type Begin = (signal: AbortSignal, say: (words: string) => void) => Promise<ImageAddition>

/** Tells how far an addition is until it is over; never throws: what failed is told. */
async function followed({ client, open, onAdded }: AddPorts, name: string, begin: Begin): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const notice = open(`Adding ${shortName(name)}`, () => controller.abort())
  try {
    const { id } = await begin(signal, notice.say)
    const onChange = (now: ImageAddition) => notice.say(progressOf(now))
    const { names } = await awaitAddition(client, id, { signal, onChange })
    notice.end(`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} added.`, 'success')
    onAdded()
  } catch (failure) {
    if (signal.aborted) notice.end(`Cancelled: ${shortName(name)} is not added.`, 'info')
    else notice.end(`${shortName(name)} is not added. ${sentenceOf(failure)}`, 'error')
  }
}

function progressOf(addition: ImageAddition): string {
  const { names, done, total } = addition
  const share = total === undefined ? '' : ` · ${percent(done.bytes, total.bytes)}`
  return `${names.join(', ')}: ${additionWords(addition)}${share}`
}

function percent(done: number, all: number): string {
  return `${all === 0 ? 0 : Math.floor((100 * done) / all)} %`
}

interface Asked {
  adding: Adding
  place: EntryPlace | undefined
}

/** Asks under which name, and of which file where that is not known; until it is right. Undefined: not at all. */
async function ask({ user }: AddPorts, title: string, place: EntryPlace | undefined): Promise<Asked | undefined> {
  const isFromDomain = title === 'Add an image'
  const hint = `Such as ${user()}/app:1. Left empty, each image has its own name and tag below ${user()}/.`
  const from = drawField({ pointer: '/from', label: 'File', kind: 'text', placeholder: '/local/…', value: textOf(place) })
  const name = drawField({ pointer: '/as', label: 'Name (optional)', kind: 'text', hint, placeholder: `${user()}/…` })
  const overwrite = drawField({ pointer: '/overwrite', label: 'Replace a tag that is there already', kind: 'switch' })
  const fields = isFromDomain ? [from, name, overwrite] : [name, overwrite]
  for (;;) {
    const node = element('div', { class: 'jp-Karvdash jp-Karvdash-form' }, ...fields.map((field) => field.node))
    const buttons = [Dialog.cancelButton(), Dialog.okButton({ label: 'Add' })]
    const { button } = await showDialog({ title: shortName(title), body: new Widget({ node }), buttons })
    if (!button.accept) return undefined
    const asked = isFromDomain ? placeIn(from) : undefined
    const adding = addingIn(name, overwrite)
    if (adding && (!isFromDomain || asked)) return { adding, place: asked }
  }
}

function addingIn(name: DrawnField, overwrite: DrawnField): Adding | undefined {
  const text = name.text().trim()
  const as = ImageNameText.safeParse(text)
  name.complain(text === '' ? undefined : as.error?.issues[0]?.message)
  if (text !== '' && !as.success) return undefined
  return { overwrite: overwrite.text() === 'true', ...(as.success && { as: as.data }) }
}

function placeIn(field: DrawnField): EntryPlace | undefined {
  const [, domain, text] = /^\/(local|remote|shared)\/(.+)$/.exec(field.text().trim()) ?? []
  const path = FilePath.safeParse(text)
  field.complain(path.success ? undefined : 'Choose a file of yours, such as /local/app.tar.')
  return path.success ? { domain: domain as EntryPlace['domain'], path: path.data } : undefined
}

function textOf(place: EntryPlace | undefined): string {
  return place === undefined ? '' : `/${place.domain}/${place.path}`
}

function chooseFile(): Promise<File | undefined> {
  const input = element('input', { type: 'file' })
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]))
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
}
