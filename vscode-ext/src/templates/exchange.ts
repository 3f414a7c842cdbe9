import { contract, Problem, type TransferClient } from '@karvdash/common'
import { Uri, window, workspace } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { scheme } from '../files/provider.ts'
import type { ShownTexts } from '../shown-text.ts'
import type { Disk } from '../transfers/disk.ts'
import { askId } from './ask-id.ts'
import type { Checks } from './checks.ts'
import { type Clicked, chooseTemplate } from './choice.ts'
import { withId } from './template-address.ts'
import { templateUri } from './template-files.ts'
import type { TemplateStore } from './template-store.ts'

export interface ExchangePorts {
  connection: Connection
  store: TemplateStore
  texts: ShownTexts
  checks: Checks
  disk: Disk
}

const toldMs = 10_000

/** Saves the text of a template as a file, for others to have. */
export async function exportTemplate({ connection, store, disk }: ExchangePorts, clicked: Clicked): Promise<void> {
  const template = await chooseTemplate(store, clicked, ['all', 'Export which template'])
  if (!template) return
  const { client, server } = await connection.ready()
  const { source } = await client.call(contract.getTemplateText, { params: { template: template.id } })
  // Whoever has the folders of the cluster open shares it there.
  const hasFolders = workspace.workspaceFolders?.some(({ uri }) => uri.scheme === scheme)
  const folder = hasFolders ? Uri.from({ scheme, authority: server.id, path: '/shared' }) : disk.home
  const to = await window.showSaveDialog({ title: 'Export Template', defaultUri: Uri.joinPath(folder, `${template.id}.yaml`) })
  if (!to) return
  await workspace.fs.writeFile(to, new TextEncoder().encode(source))
  void window.setStatusBarMessage(`$(check) ${to.path} is written.`, toldMs)
}

/**
 * Makes a template of one's own of a file or an open text. One that Karvdash had before, with `$VARIABLES`, is converted first and shown, with what
 * was done to it; importing that text makes the template.
 */
export async function importTemplate(ports: ExchangePorts, clicked?: Uri): Promise<void> {
  const uri = clicked ?? openText() ?? (await chooseFile(ports.disk))
  if (!uri) return
  const document = await workspace.openTextDocument(uri)
  const source = document.getText()
  const { client } = await ports.connection.ready()
  const { description } = await client.call(contract.checkTemplate, { body: { source } })
  if (description) return create(ports, { source, id: description.id })
  if (await convert(ports, client, source)) return
  await window.showTextDocument(document)
  await ports.checks.begin(document)
  throw new Problem(409, 'Not possible', { detail: 'This is no template that can be used yet: what is wrong is underlined.' })
}

/** The YAML that somebody looks at, unless it is one that we show. */
function openText(): Uri | undefined {
  const document = window.activeTextEditor?.document
  return document?.languageId === 'yaml' && !document.uri.scheme.startsWith('karvdash-') ? document.uri : undefined
}

async function chooseFile({ home }: Disk): Promise<Uri | undefined> {
  const filters = { Templates: ['yaml', 'yml'] }
  return (await window.showOpenDialog({ title: 'Import Template', openLabel: 'Import', defaultUri: home, filters }))?.[0]
}

async function create({ connection, store }: ExchangePorts, { source, id }: { source: string; id: string }): Promise<void> {
  const { client, server } = await connection.ready()
  await store.refresh()
  const isTaken = store.all().some(({ template }) => template.id === id)
  const wanted = isTaken ? await askId(`my-${id}`.slice(0, 40), store) : id
  if (wanted === undefined) return
  await client.call(contract.createTemplate, { body: { source: wanted === id ? source : withId(source, wanted) } })
  await store.refresh()
  await window.showTextDocument(templateUri(server.id, wanted), { preview: false })
}

/** Whether it was a template of before. */
async function convert({ texts, checks }: ExchangePorts, client: TransferClient, source: string): Promise<boolean> {
  const converted = await client.call(contract.convertTemplate, { body: { source } }).catch((failure: unknown) => {
    if (failure instanceof Problem && failure.status === 400) return undefined
    throw failure
  })
  if (!converted) return false
  const lines = converted.report.map((line) => `* ${line}\n`).join('')
  await texts.show({ name: 'What was converted.txt', text: `${reportHead}\n${lines}`, isBeside: true })
  const document = await workspace.openTextDocument({ language: 'yaml', content: converted.source })
  await window.showTextDocument(document, { preview: false })
  await checks.begin(document)
  return true
}

const reportHead = `What was converted

Look at the text, mend what is underlined, and run "Karvdash: Import Template…" on it to keep it as your own.
`
