import type { JupyterFrontEnd } from '@jupyterlab/application'
import { MainAreaWidget } from '@jupyterlab/apputils'
import type { IEditorServices } from '@jupyterlab/codeeditor'
import type { ISettingRegistry } from '@jupyterlab/settingregistry'
import type { ITerminalTracker } from '@jupyterlab/terminal'
import {
  contract,
  type Launched,
  type SavedLaunch,
  type Service,
  startingTemplate,
  type TemplateDescription,
} from '@karvdash/common'
import type { Widget } from '@lumino/widgets'
import { karvdashIcon } from '../icons.ts'
import type { Draft } from '../launch/gauges.ts'
import { showGenerated } from '../launch/generated.ts'
import { type Begun, launchForm } from '../launch/launch-form.ts'
import { showPreview } from '../launch/preview.ts'
import { askToSave } from '../launch/saved.ts'
import { updateForm } from '../launch/update-form.ts'
import { LogPanel } from '../logs/log-panel.ts'
import { told } from '../services/acts.ts'
import { createDraft, type TemplateDraft } from '../templates/draft.ts'
import type { TemplateStore } from '../templates/store.ts'
import { TemplateEditor } from '../templates/template-editor.ts'
import { type Imported, importTemplate } from '../templates/template-file.ts'
import { openServiceTerminal } from '../terminal/open-terminal.ts'
import type { IKarvdash } from '../tokens.ts'

/** What documents need; without JupyterLab's editor there are neither previews nor templates to write. */
export interface DocumentPorts {
  shell: JupyterFrontEnd['shell']
  karvdash: IKarvdash
  templates: TemplateStore
  editors: IEditorServices | null
  tracker: ITerminalTracker | null
  settings: ISettingRegistry | null
}

/** What opens in the main area. */
export type Documents = ReturnType<typeof createDocuments>

/** Makes what opens them; what fails is told. */
export function createDocuments(ports: DocumentPorts) {
  const { shell, karvdash, templates, tracker, settings } = ports
  const { client } = karvdash.jupyter
  return {
    launch: (template: TemplateDescription, saved?: SavedLaunch) => launch(ports, template, { saved }),
    launchFilled: (template: TemplateDescription, filled: Record<string, unknown>) => launch(ports, template, { filled }),
    update: (service: Service) => told(() => update(ports, service)),
    logs: (service: Service) => showLogs(ports, service),
    terminal: (service: Service) =>
      told(() => openServiceTerminal(service, { shell, jupyter: karvdash.jupyter, tracker, settings })),
    newTemplate: () => edit(ports, createDraft(client), { source: startingTemplate }),
    importTemplate: () =>
      told(async () => {
        const begun = await importTemplate(client)
        if (begun) edit(ports, createDraft(client), begun)
      }),
    editTemplate: (id: string) =>
      told(async () => {
        const text = await client.call(contract.getTemplateText, { params: { template: id } })
        edit(ports, createDraft(client, { id, ...text }), { source: text.source })
        await templates.refresh()
      }),
  }
}

function launch({ shell, karvdash, templates, editors }: DocumentPorts, template: TemplateDescription, begun: Begun): void {
  const { jupyter, session } = karvdash
  const { client } = jupyter
  const preview = async (body: Draft, services: IEditorServices) => {
    const found = await client.call(contract.renderTemplate, {
      params: { template: template.id },
      body: { ...body, dryRun: 'server' },
    })
    showPreview(shell, services, { name: template.name, ...found })
  }
  const main = addMain(shell, `Launch ${template.name}`, (close) =>
    launchForm(template, begun, {
      client,
      user: session.status.account.name ?? '',
      onCancel: close,
      onLaunched(launched) {
        close()
        show(karvdash, launched)
        shell.activateById('karvdash')
      },
      preview: editors ? (draft) => preview(draft, editors) : undefined,
      async save(values, before) {
        if (await askToSave(client, { template: template.id, values, before })) await templates.refresh()
      },
    }),
  )
  shell.activateById(main.id)
}

async function update({ shell, karvdash }: DocumentPorts, { name }: Service): Promise<void> {
  const { client } = karvdash.jupyter
  const how = await client.call(contract.getServiceLaunch, { params: { service: name } })
  const template = await client.call(contract.getTemplate, { params: { template: how.template } })
  addMain(shell, `Update ${name}`, (close) =>
    updateForm(
      { service: name, launch: how, template },
      {
        client,
        onCancel: close,
        onUpdated(launched) {
          close()
          show(karvdash, launched)
        },
      },
    ),
  )
}

/** Shows a service that was launched or updated, and once what was made for it. */
function show({ services }: IKarvdash, { generated = [], ...service }: Launched): void {
  // The stream may have told more of it by now.
  if (!services.states.services.has(service.name)) services.tell({ type: 'service', service })
  if (generated.length > 0) void showGenerated(service.name, generated)
}

function showLogs({ shell, karvdash }: DocumentPorts, { name }: Service): void {
  const id = `karvdash-logs-${name}`
  const open = [...shell.widgets('main')].find((widget) => widget.id === id)
  const main = open ?? addMain(shell, `Log of ${name}`, () => new LogPanel(name, karvdash), id)
  shell.activateById(main.id)
}

function edit({ shell, editors, templates }: DocumentPorts, draft: TemplateDraft, begun: Imported): void {
  if (!editors) return
  const main = new TemplateEditor({ editors, draft, begun, onSaved: () => void templates.refresh() })
  shell.add(main, 'main')
  shell.activateById(main.id)
}

function addMain(shell: JupyterFrontEnd['shell'], label: string, draw: (close: () => void) => Widget, id?: string): Widget {
  const main: MainAreaWidget = new MainAreaWidget({ content: draw(() => main.dispose()) })
  if (id !== undefined) main.id = id
  main.title.label = label
  main.title.icon = karvdashIcon
  shell.add(main, 'main')
  return main
}
