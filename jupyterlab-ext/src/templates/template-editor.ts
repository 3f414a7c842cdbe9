import { Dialog, MainAreaWidget, Notification, showDialog } from '@jupyterlab/apputils'
import type { CodeEditorWrapper, IEditorServices } from '@jupyterlab/codeeditor'
import { Problem, type TemplateFault } from '@karvdash/common'
import type { Message } from '@lumino/messaging'
import { BoxLayout, Panel, Widget } from '@lumino/widgets'
import { karvdashIcon } from '../icons.ts'
import { sentenceOf } from '../jupyter.ts'
import { yamlEditor } from '../launch/yaml-document.ts'
import { button, element, setText } from '../panel/element.ts'
import { told } from '../services/acts.ts'
import { faultsOf, type TemplateDraft } from './draft.ts'
import { type FaultList, faultList } from './fault-list.ts'
import { type Imported, saveTemplateFile } from './template-file.ts'

export interface TemplateEditorPorts {
  editors: IEditorServices
  draft: TemplateDraft
  /** What it begins with, and what was done to it where it was converted. */
  begun: Imported
  onSaved: () => void
}

/** Whoever types is not asked after each key. */
const restMs = 400

/** The text of a template in JupyterLab's own editor, with what is wrong with it below. */
export class TemplateEditor extends MainAreaWidget<Panel> {
  readonly #ports: TemplateEditorPorts
  readonly #editor: CodeEditorWrapper
  readonly #faults: FaultList
  readonly #told = element('span', { role: 'status' })
  #alarm: ReturnType<typeof setTimeout> | undefined
  #asking = 0

  constructor(ports: TemplateEditorPorts) {
    const content = new Panel({ layout: new BoxLayout({ direction: 'top-to-bottom', spacing: 0 }) })
    super({ content })
    this.#ports = ports
    this.#editor = yamlEditor(ports.editors, ports.begun.source, false)
    this.#faults = faultList((fault) => this.#goTo(fault))
    this.addClass('jp-Karvdash-editor')
    this.title.icon = karvdashIcon
    for (const [widget, height] of this.#parts()) {
      if (height !== undefined) BoxLayout.setSizeBasis(widget, height)
      BoxLayout.setStretch(widget, height === undefined ? 1 : 0)
      content.addWidget(widget)
    }
    this.#editor.model.sharedModel.changed.connect(this.#changed, this)
    this.#changed()
  }

  /** Keeps the text. */
  async save(): Promise<void> {
    const { draft, onSaved } = this.#ports
    const source = this.#text
    try {
      await draft.save(source)
      setText(this.#told, `${draft.id} is saved.`)
      this.#showTitle()
      onSaved()
    } catch (refusal) {
      await this.#refused(refusal)
    }
  }

  override dispose(): void {
    clearTimeout(this.#alarm)
    this.#asking += 1
    super.dispose()
  }

  protected override onActivateRequest(_: Message): void {
    this.#editor.editor.focus()
  }

  protected override onCloseRequest(message: Message): void {
    if (!this.#ports.draft.isDirty(this.#text)) super.onCloseRequest(message)
    else void this.#mayClose().then((may) => may && this.dispose())
  }

  get #text(): string {
    return this.#editor.model.sharedModel.getSource()
  }

  #parts(): [Widget, number | undefined][] {
    const { report } = this.#ports.begun
    const save = button('Save', {}, () => void this.save(), true)
    const download = button('Export to a file', {}, () => saveTemplateFile(this.#text))
    const tools = element('div', { class: 'jp-Karvdash-actions' }, save, download, this.#told)
    const parts: [Widget, number | undefined][] = [[boxOf(tools), 44]]
    if (report) parts.push([boxOf(conversion(report)), 120])
    return [...parts, [this.#editor, undefined], [boxOf(this.#faults.node), 140]]
  }

  #changed(): void {
    setText(this.#told, '')
    this.#showTitle()
    clearTimeout(this.#alarm)
    this.#alarm = setTimeout(() => void this.#check(), restMs)
  }

  #showTitle(): void {
    const { draft } = this.#ports
    this.title.label = draft.id ?? 'New template'
    const isDirty = draft.isDirty(this.#text)
    this.title.className = isDirty ? 'jp-mod-dirty' : ''
  }

  async #check(): Promise<void> {
    const mine = ++this.#asking
    try {
      const { description, faults } = await this.#ports.draft.check(this.#text)
      if (mine === this.#asking) this.#faults.show(description, faults)
    } catch (failure) {
      if (mine === this.#asking) this.#faults.tell(sentenceOf(failure))
    }
  }

  #goTo({ line = 1, column = 1 }: TemplateFault): void {
    const { editor } = this.#editor
    editor.setCursorPosition({ line: line - 1, column: column - 1 })
    editor.focus()
  }

  async #refused(refusal: unknown): Promise<void> {
    const faults = faultsOf(refusal)
    if (faults) {
      this.#faults.show(undefined, faults)
      setText(this.#told, 'It is not saved: see what is wrong below.')
    } else if (refusal instanceof Problem && refusal.status === 412) await this.#settle()
    else Notification.error(sentenceOf(refusal), { autoClose: 10_000 })
  }

  /** It was changed elsewhere meanwhile: people decide. */
  async #settle(): Promise<void> {
    const { button: pressed } = await showDialog({
      title: `${this.#ports.draft.id} was changed elsewhere`,
      body: 'Your text is still here. Overwrite the other one, or cancel, export yours, and open it anew.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Overwrite' })],
    })
    if (!pressed.accept) return
    await told(() => this.#ports.draft.overwriteNext())
    await this.save()
  }

  async #mayClose(): Promise<boolean> {
    const { button: pressed } = await showDialog({
      title: 'Close without saving?',
      body: 'What you wrote in this template is lost.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Discard' })],
    })
    return pressed.accept
  }
}

function boxOf(node: HTMLElement): Widget {
  return new Widget({ node: element('div', { class: 'jp-Karvdash jp-Karvdash-part' }, node) })
}

function conversion(report: string[]): HTMLElement {
  const about = 'This was a template of before. It was converted; read it before you save it.'
  return element('div', {}, element('p', {}, about), element('ul', {}, ...report.map((line) => element('li', {}, line))))
}
