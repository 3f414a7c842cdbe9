import { contract, type ListedTemplate, Problem } from '@karvdash/common'
import { Uri, window, workspace } from 'vscode'
import { askId } from './ask-id.ts'
import { type Clicked, chooseTemplate, isSound } from './choice.ts'
import { type ExchangePorts, exportTemplate, importTemplate } from './exchange.ts'
import { preview } from './preview.ts'
import { templateScheme, withId } from './template-address.ts'
import { templateUri } from './template-files.ts'

export interface TemplatePorts extends ExchangePorts {
  launch: (template: ListedTemplate) => Promise<void>
}

/** What people do with templates, by the names of the commands. */
export function templateCommands(ports: TemplatePorts) {
  const { store, launch } = ports
  /** A template that can be used; what is changed of it in an editor is saved first. */
  async function sound(clicked: Clicked, which: string): Promise<ListedTemplate | undefined> {
    const open = clicked instanceof Uri || clicked === undefined ? window.activeTextEditor?.document : undefined
    if (open?.uri.scheme === templateScheme && open.isDirty && !(await open.save())) return undefined
    const template = await chooseTemplate(store, clicked, ['all', which])
    if (!template || isSound(template)) return template
    return void window.showErrorMessage(`"${template.id}" cannot be used: mend what is underlined first.`)
  }
  return {
    newTemplate: (clicked?: Clicked) => make(ports, clicked),
    editTemplate: (clicked?: Clicked) => edit(ports, clicked),
    exportTemplate: (clicked?: Clicked) => exportTemplate(ports, clicked),
    importTemplate: (clicked?: Uri) => importTemplate(ports, clicked),
    deleteTemplate: (clicked?: Clicked) => remove(ports, clicked),
    checkTemplate: () => check(ports),
    async previewTemplate(clicked?: Clicked) {
      const template = await sound(clicked, 'Preview which template')
      if (template) await preview(ports, template)
    },
    async launchTemplate(clicked?: Clicked) {
      const template = await sound(clicked, 'Launch which template')
      if (template) await launch(template)
    },
  }
}

const toldMs = 10_000

/** Makes a template of one's own of another one. */
async function make(ports: TemplatePorts, clicked: Clicked): Promise<void> {
  const from = await chooseTemplate(ports.store, clicked, ['all', 'Begin with which template'])
  if (!from) return
  const id = await askId(`my-${from.id}`.slice(0, 40), ports.store)
  if (id === undefined) return
  const { client, server } = await ports.connection.ready()
  const { source } = await client.call(contract.getTemplateText, { params: { template: from.id } })
  await client.call(contract.createTemplate, { body: { source: withId(source, id) } })
  await ports.store.refresh()
  await window.showTextDocument(templateUri(server.id, id), { preview: false })
}

async function edit({ connection, store }: TemplatePorts, clicked: Clicked): Promise<void> {
  const template = await chooseTemplate(store, clicked, ['all', 'Open which template'])
  if (!template) return
  const { server } = await connection.ready()
  await window.showTextDocument(templateUri(server.id, template.id), { preview: template.origin !== 'own' })
}

async function remove({ connection, store }: TemplatePorts, clicked: Clicked): Promise<void> {
  const template = await chooseTemplate(store, clicked, ['own', 'Delete which of your templates'])
  if (!template) return
  const detail = 'Services that were launched from it stay.'
  const said = await window.showWarningMessage(`Delete the template ${template.id}?`, { modal: true, detail }, 'Delete')
  if (said !== 'Delete') return
  const { server } = await connection.ready()
  await workspace.fs.delete(templateUri(server.id, template.id))
}

/** Underlines what is wrong with the text that somebody looks at, wherever it lies, from now on. */
async function check({ checks }: TemplatePorts): Promise<void> {
  const document = window.activeTextEditor?.document
  if (!document) throw new Problem(409, 'Not possible', { detail: 'Open the text of a template first.' })
  const count = await checks.begin(document)
  const faults = count === 1 ? '1 fault: it is underlined' : `${count} faults: they are underlined`
  const told = count === 0 ? '$(check) Nothing is wrong with this template.' : `$(error) ${faults}.`
  void window.setStatusBarMessage(told, toldMs)
}
