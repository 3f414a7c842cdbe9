import {
  contract,
  faultWords,
  idInTemplate,
  Problem,
  placeWords,
  type TemplateDescription,
  type TemplateFault,
} from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { showDraftPreview } from '../launch/preview.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, type TemplateHome } from '../routes.ts'
import { saveFile } from './export.ts'
import { homeOf } from './home.ts'
import type { Begun } from './template-screen.ts'
import { drawTextEditor, type TextEditor } from './text-editor.ts'

interface Editing {
  home: TemplateHome
  id?: string
  begun: Begun
  onSaved: (id: string) => void
}

/** Draws the text, what is wrong with it, and what can be done with it. */
export function drawEditing(editing: Editing, context: OwnContext): HTMLElement[] {
  const { home, id: first, begun, onSaved } = editing
  const editor = drawTextEditor({ label: 'Text of the template', source: begun.source })
  const told = element('p', { class: 'done', role: 'status' })
  const failed = element('div', { class: 'form-alert', role: 'alert' })
  const check = drawCheck(editor, context)
  const known: Known = { id: first, version: begun.version, savedText: first === undefined ? undefined : begun.source }
  const launch = element('a', { class: 'button' }, 'Launch')
  const look = () => {
    const isSaved = known.id !== undefined && known.savedText === editor.text()
    launch.hidden = !isSaved
    if (known.id !== undefined) launch.href = hashOf({ screen: 'launch', template: known.id })
  }
  editor.onInput(() => {
    setText(told, '')
    look()
  })
  look()
  const complain = (failure: unknown) => arrange(failed, failure === undefined ? [] : complaint(failure, known))
  const act = (label: string, busy: string, work: () => Promise<void>) => {
    const pressed: HTMLButtonElement = button(label, {}, () => {
      complain(undefined)
      void whileBusy(pressed, busy, () => work().catch(complain))
    })
    return pressed
  }
  const save = act('Save', 'Saving …', async () => {
    await saveText({ home, known, source: editor.text() }, context)
    setText(told, `${known.id} is saved.`)
    onSaved(known.id ?? '')
    look()
  })
  save.className = 'primary'
  const preview = act('Preview', 'Asking the cluster …', () => showDraftPreview(editor.text(), context))
  const download = button('Export', {}, () => saveFile(`${idInTemplate(editor.text()) ?? 'template'}.yaml`, editor.text()))
  const back = element('a', { href: hashOf({ screen: 'templates', home }), class: 'button quiet' }, 'All templates')
  const actions = element('div', { class: 'actions' }, save, preview, download, launch, back)
  return [...conversion(begun.report), editor.node, check, failed, actions, told]
}

/** What is known of the template as it is stored. */
interface Known {
  id: string | undefined
  version: string | undefined
  savedText: string | undefined
}

async function saveText(
  { home, known, source }: { home: TemplateHome; known: Known; source: string },
  { api }: OwnContext,
): Promise<void> {
  const kept = homeOf(home, api)
  const { id } =
    known.id === undefined || known.version === undefined
      ? await kept.create(source)
      : await kept.change(known.id, { source, version: known.version })
  const { version } = await api.call(contract.getTemplateText, { params: { template: id } })
  Object.assign(known, { id, version, savedText: source })
  // A reload comes back to it, and what was begun is not begun once more.
  history.replaceState(null, '', hashOf({ screen: 'template', home, id }))
}

/** A text that was changed elsewhere meanwhile stays as it is here, and people decide. */
function complaint(failure: unknown, known: Known): HTMLElement[] {
  if (!(failure instanceof Problem) || failure.status !== 412) return [element('p', {}, sentenceOf(failure))]
  const text =
    'It was changed elsewhere since you opened it. Your text is kept here: export it, then open the other one and bring both together.'
  const open = button('Open the other one', {}, () => location.reload())
  return [element('p', {}, text), known.id === undefined ? element('span') : open]
}

const restMs = 400

/** Checks the text when people pause, and lists what is wrong with it, each fault with the way to its line. */
function drawCheck(editor: TextEditor, { api, signal }: OwnContext): HTMLElement {
  const node = element('div', { id: 'template-faults', class: 'faults', role: 'status' })
  let alarm: ReturnType<typeof setTimeout> | undefined
  let asking = 0
  async function look(): Promise<void> {
    const source = editor.text()
    const mine = ++asking
    if (source.trim() === '') return show(undefined, [{ message: 'The text is empty.' }])
    const { description, faults } = await api.call(contract.checkTemplate, { body: { source } })
    if (mine === asking) show(description, faults)
  }
  function show(description: TemplateDescription | undefined, faults: TemplateFault[]): void {
    editor.mark(faults)
    const lines = faults.map((fault) => element('li', {}, faultLine(fault, editor)))
    arrange(node, faults.length > 0 ? [element('ul', {}, ...lines)] : [element('p', { class: 'about' }, fineWords(description))])
  }
  const ask = () =>
    void look().catch((failure: unknown) => arrange(node, [element('p', { class: 'error' }, sentenceOf(failure))]))
  editor.onInput(() => {
    clearTimeout(alarm)
    alarm = setTimeout(ask, restMs)
  })
  signal.addEventListener('abort', () => clearTimeout(alarm))
  ask()
  return node
}

function faultLine(fault: TemplateFault, editor: TextEditor): HTMLElement {
  const place = placeWords(fault)
  const words = element('span', {}, faultWords(fault))
  if (place === undefined || fault.line === undefined) return words
  return element(
    'span',
    {},
    button(place, { class: 'link' }, () => editor.goTo(fault)),
    ' ',
    words,
  )
}

function fineWords(description: TemplateDescription | undefined): string {
  const count = description?.variables.length ?? 0
  const asks = count === 0 ? 'asks nothing' : count === 1 ? 'asks one thing' : `asks ${count} things`
  return `No faults: ${description?.name ?? 'it'} ${asks}.`
}

function conversion(report: string[]): HTMLElement[] {
  if (report.length === 0) return []
  const items = report.map((line) => element('li', {}, line))
  const about = element('p', {}, 'This was a template of before. It was converted; read it before you save it.')
  return [element('div', { class: 'notice' }, about, element('ul', { class: 'losses' }, ...items))]
}
