import type { JupyterFrontEnd } from '@jupyterlab/application'
import { Dialog, type ICommandPalette, InputDialog, showDialog } from '@jupyterlab/apputils'
import { contract, type ListedTemplate, type TransferClient } from '@karvdash/common'
import { Menu } from '@lumino/widgets'
import { told } from '../services/acts.ts'
import type { Session } from '../session.ts'
import type { TemplateStore } from '../templates/store.ts'
import { TemplateEditor } from '../templates/template-editor.ts'
import { saveTemplateFile } from '../templates/template-file.ts'
import { commandIds } from '../tokens.ts'
import type { Documents } from './documents.ts'

export interface TemplateCommandPorts {
  client: TransferClient
  session: Session
  templates: TemplateStore
  documents: Documents
  palette: ICommandPalette | null
  /** Whether texts can be written here. */
  mayWrite: boolean
}

/** Adds the commands of templates; gives what opens the menu of one, below a button. */
export function addTemplateCommands(app: JupyterFrontEnd, ports: TemplateCommandPorts): (id: string, below: DOMRect) => void {
  const { commands, contextMenu } = app
  const { session, templates, documents, palette, mayWrite } = ports
  const isReady = () => session.status.state === 'ready'
  const pointedAt = () => app.contextMenuHitTest((node) => node.dataset['template'] !== undefined)?.dataset['template']
  const meant = (args: Args) => (args.isPointedAt ? pointedAt() : typeof args.template === 'string' ? args.template : undefined)
  commands.addCommand(commandIds.launch, {
    label: (args) => (meant(args) === undefined ? 'Launch Service' : 'Launch'),
    isEnabled: (args) => isReady() && (meant(args) === undefined || listed(templates, meant(args)) !== undefined),
    async execute(args) {
      // Who chooses from all of them chooses from those that are there now.
      if (listed(templates, meant(args)) === undefined) await templates.refresh()
      const template = listed(templates, meant(args)) ?? (await choose(templates.catalogue.items))
      if (template) documents.launch(template)
    },
  })
  const ofOne = (id: string, label: string, execute: (template: string) => unknown, isForOwn = true) =>
    commands.addCommand(id, {
      label,
      isVisible: (args) => !isForOwn || isOwn(templates, meant(args)),
      isEnabled: (args) => isReady() && meant(args) !== undefined,
      execute: (args) => told(async () => execute(meant(args) ?? '')),
    })
  if (mayWrite) ofOne(commandIds.editTemplate, 'Edit', (id) => documents.editTemplate(id))
  ofOne(commandIds.exportTemplate, 'Export to a File', (id) => exportTemplate(ports, id), false)
  ofOne(commandIds.deleteTemplate, 'Delete Template', (id) => deleteTemplate(ports, id))
  if (mayWrite) addWriting(app, ports)
  const menu = new Menu({ commands })
  const ids = [commandIds.launch, commandIds.editTemplate, commandIds.exportTemplate, commandIds.deleteTemplate]
  const offered = ids.filter((id) => commands.hasCommand(id))
  for (const [rank, command] of offered.entries())
    contextMenu.addItem({ command, selector: '.jp-Karvdash-templateRow[data-template]', args: { isPointedAt: true }, rank })
  palette?.addItem({ command: commandIds.launch, category: 'Karvdash' })
  return (template, { left, bottom }) => {
    menu.clearItems()
    for (const command of offered) menu.addItem({ command, args: { template } })
    menu.open(left, bottom)
  }
}

interface Args {
  template?: unknown
  isPointedAt?: unknown
}

function addWriting({ commands, shell }: JupyterFrontEnd, { session, documents, palette }: TemplateCommandPorts): void {
  const isEnabled = () => session.status.state === 'ready'
  const editor = () => (shell.currentWidget instanceof TemplateEditor ? shell.currentWidget : undefined)
  commands.addCommand(commandIds.newTemplate, { label: 'New Template …', isEnabled, execute: documents.newTemplate })
  commands.addCommand(commandIds.importTemplate, { label: 'Import Template …', isEnabled, execute: documents.importTemplate })
  commands.addCommand(commandIds.saveTemplate, {
    label: 'Save Template',
    isEnabled: () => editor() !== undefined,
    execute: () => editor()?.save(),
  })
  commands.addKeyBinding({ command: commandIds.saveTemplate, keys: ['Accel S'], selector: '.jp-Karvdash-editor' })
  for (const command of [commandIds.newTemplate, commandIds.importTemplate, commandIds.saveTemplate])
    palette?.addItem({ command, category: 'Karvdash' })
}

function listed({ catalogue }: TemplateStore, id: string | undefined): ListedTemplate | undefined {
  return catalogue.items.find((template) => template.id === id)
}

function isOwn({ catalogue }: TemplateStore, id: string | undefined): boolean {
  return [...catalogue.items, ...catalogue.broken].some((template) => template.id === id && template.origin === 'own')
}

async function choose(templates: ListedTemplate[]): Promise<ListedTemplate | undefined> {
  const { value } = await InputDialog.getItem({ title: 'Launch which template?', items: templates.map(({ name }) => name) })
  return templates.find(({ name }) => name === value)
}

async function exportTemplate({ client }: TemplateCommandPorts, id: string): Promise<void> {
  saveTemplateFile((await client.call(contract.getTemplateText, { params: { template: id } })).source)
}

async function deleteTemplate({ client, templates }: TemplateCommandPorts, id: string): Promise<void> {
  const { button } = await showDialog({
    title: `Delete the template ${id}?`,
    body: 'Services that were launched from it stay. Export it first if you may want it again.',
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })],
  })
  if (!button.accept) return
  await client.call(contract.deleteTemplate, { params: { template: id } })
  await templates.refresh()
}
