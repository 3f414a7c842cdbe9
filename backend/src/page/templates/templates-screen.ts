import type { BrokenTemplate, ListedTemplate } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, isAdmin, type TemplateHome } from '../routes.ts'
import { askToArrange } from './arrange.ts'
import { keepText } from './draft.ts'
import { exportTemplate } from './export.ts'
import { type Home, homeOf, homeWords } from './home.ts'
import { importButton } from './import.ts'
import { standingSwitches } from './standing.ts'

/** Templates of one's own, or those that administrators keep for everybody. */
export function templatesScreen(home: TemplateHome, context: OwnContext): Screen {
  const { api, signal, go, session } = context
  const words = homeWords[home]
  const heading = element('h1', { tabindex: -1 }, words.title)
  const list = element('ul', { class: 'rows card', 'aria-label': words.title, tabindex: -1 })
  const failed = element('p', { class: 'error', role: 'alert' })
  const kept = homeOf(home, api)
  const tell = (failure: unknown) => setText(failed, failure === undefined ? '' : sentenceOf(failure))
  async function load(): Promise<void> {
    const { items, broken } = await kept.list(signal)
    const shown = home === 'own' ? items.filter(({ origin }) => origin === 'own') : items
    const wrong = broken.filter(({ origin }) => origin === home)
    const rows = [...shown.map((one) => templateRow(one, part)), ...wrong.map((one) => brokenRow(one, part))]
    arrange(list, rows.length > 0 ? rows : [element('li', { class: 'empty' }, words.none)])
    begin.replaceChildren(...beginnings(items))
  }
  async function remove(id: string): Promise<void> {
    const text = 'Services that were launched from it stay, but they can no longer be updated.'
    if (!(await confirmed({ title: `Delete the template ${id}?`, text, yes: 'Delete' }))) return
    tell(undefined)
    await kept.remove(id)
    await load()
    // The button that had the focus is gone.
    list.focus()
  }
  const part: RowPart = { kept, context, tell, remove }
  const begin = element('select', { 'aria-label': 'Begin with' }, ...beginnings([]))
  const make = button('New template', { class: 'primary' }, () => {
    keepText(undefined)
    go({ screen: 'template', home, ...(begin.value !== '' && { from: begin.value }) })
  })
  const order: HTMLButtonElement = button('Groups and order …', {}, () => {
    void whileBusy(order, 'Groups and order …', async () => {
      const { items } = await kept.list(signal)
      if (await askToArrange(items, context)) await load()
    }).catch(tell)
  })
  const arrangement = home === 'platform' ? order : undefined
  const tools = element('div', { class: 'tools' }, begin, make, importButton(home, tell, context), arrangement)
  load().catch((failure: unknown) => signal.aborted || tell(failure))
  const homes = isAdmin(session) ? homesNav(home) : undefined
  const about = element('p', { class: 'introduction' }, words.about)
  return { title: words.title, node: element('div', { class: 'own-templates' }, heading, homes, about, tools, failed, list) }
}

interface RowPart {
  kept: Home
  context: OwnContext
  tell: (failure: unknown) => void
  remove: (id: string) => Promise<void>
}

function beginnings(items: ListedTemplate[]): HTMLElement[] {
  const option = (value: string, label: string) => element('option', { value }, label)
  return [option('', 'A few lines'), ...items.map(({ id, name }) => option(id, `A copy of ${name}`))]
}

function homesNav(home: TemplateHome): HTMLElement {
  const link = (one: TemplateHome) => {
    const here = one === home ? { 'aria-current': 'page' } : {}
    return element('a', { href: hashOf({ screen: 'templates', home: one }), ...here }, homeWords[one].title)
  }
  return element('nav', { class: 'domains', 'aria-label': 'Whose templates' }, link('own'), link('platform'))
}

function templateRow({ id, name, description, icon: drawing, ...said }: ListedTemplate, part: RowPart): HTMLElement {
  const { kept, context } = part
  const isKeptHere = said.origin === kept.home
  const mark = said.origin === 'built-in' ? 'built-in' : undefined
  const badge = mark && element('span', { class: 'badge' }, mark)
  const words = element(
    'div',
    {},
    element('strong', {}, name),
    ' ',
    badge || undefined,
    element('p', { class: 'about' }, `${id} · ${description}`),
  )
  const launch = { href: hashOf({ screen: 'launch', template: id }), class: 'button quiet', 'aria-label': `Launch ${name}` }
  const standing =
    kept.home === 'platform' ? standingSwitches({ id, name, ...said }, part.tell, context) : element('a', launch, 'Launch')
  const copy = act(part, 'Export', name, () => exportTemplate(id, context))
  const actions = element('div', { class: 'actions' }, standing, copy, ...(isKeptHere ? changing(id, name, part) : []))
  return element('li', { 'data-template': id }, icon(drawing), words, actions)
}

function brokenRow({ id, faults }: BrokenTemplate, part: RowPart): HTMLElement {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  const badge = element('span', { class: 'badge' }, 'cannot be used')
  const words = element(
    'div',
    {},
    element('strong', {}, id),
    ' ',
    badge,
    element('p', { class: 'about' }, `${count}: edit it to see them`),
  )
  return element(
    'li',
    { 'data-broken': id },
    icon(undefined),
    words,
    element('div', { class: 'actions' }, ...changing(id, id, part)),
  )
}

function changing(id: string, name: string, part: RowPart): HTMLElement[] {
  const edit = {
    href: hashOf({ screen: 'template', home: part.kept.home, id }),
    class: 'button quiet',
    'aria-label': `Edit ${name}`,
  }
  return [element('a', edit, 'Edit'), act(part, 'Delete', name, () => part.remove(id))]
}

function act({ tell }: RowPart, label: string, name: string, work: () => Promise<void>): HTMLButtonElement {
  const pressed: HTMLButtonElement = button(label, { class: 'quiet', 'aria-label': `${label} ${name}` }, () => {
    void whileBusy(pressed, `${label} …`, () => work().catch(tell))
  })
  return pressed
}
