import {
  type BrokenTemplate,
  byHeading,
  faultWords,
  isFound,
  type ListedTemplate,
  placeWords,
  type SavedLaunch,
  type TemplateOrigin,
} from '@karvdash/common'
import { button, element } from '../panel/element.ts'
import { drawField } from '../panel/field.ts'
import type { Catalogue, TemplateStore } from './store.ts'

/** What can be done with what is offered. */
export interface CatalogueActions {
  launch: (template: ListedTemplate, saved?: SavedLaunch) => void
  forget: (launch: SavedLaunch) => void
  newTemplate: () => void
  importTemplate: () => void
  /** Whether texts can be written here. */
  mayWrite: boolean
  /** Opens the menu of a template, below a button. */
  showTemplateMenu: (id: string, below: DOMRect) => void
}

/** Draws the templates with what was saved of them, and a search. */
export function drawCatalogue(store: TemplateStore, actions: CatalogueActions): HTMLElement {
  const search = drawField({ pointer: '/search', label: 'Search', kind: 'text', placeholder: 'Search templates' })
  search.node.classList.add('jp-Karvdash-search')
  const saved = element('ul', { 'aria-label': 'Saved launches' })
  const templates = element('div', {})
  const none = element('p', { class: 'jp-Karvdash-help', role: 'status' }, 'No template is called so.')
  function draw(): void {
    const rows = rowsOf(store.catalogue, actions)
    const matching = (all: Row[]) => all.filter(({ text }) => isFound(text, search.text())).map(({ node }) => node)
    saved.replaceChildren(...matching(rows.saved))
    templates.replaceChildren(
      ...rows.groups.flatMap(({ heading, rows: all }) => {
        const found = matching(all)
        return found.length > 0 ? [element('h4', {}, heading), element('ul', { 'aria-label': heading }, ...found)] : []
      }),
    )
    none.hidden = search.text().trim() === '' || saved.childElementCount + templates.childElementCount > 0
  }
  search.control.addEventListener('input', draw)
  store.changed.connect(draw)
  draw()
  const tools = element(
    'div',
    { class: 'jp-Karvdash-actions', hidden: !actions.mayWrite },
    button('New template …', {}, actions.newTemplate),
    button('Import …', {}, actions.importTemplate),
  )
  return element('div', {}, search.node, none, saved, templates, tools)
}

/** What is searched, and what is shown. */
interface Row {
  text: string
  node: HTMLElement
}

interface Rows {
  saved: Row[]
  groups: { heading: string; rows: Row[] }[]
}

function rowsOf({ items, broken, launches }: Catalogue, actions: CatalogueActions): Rows {
  const groups = [...byHeading(items)].map(([heading, templates]) => ({
    heading,
    rows: templates.map((template) => templateRow(template, actions)),
  }))
  const toMend = { heading: 'To be mended', rows: broken.map((one) => brokenRow(one, actions)) }
  return {
    saved: launches.map((launch) =>
      savedRow(
        launch,
        items.find(({ id }) => id === launch.template),
        actions,
      ),
    ),
    groups: [...groups, toMend],
  }
}

function templateRow(template: ListedTemplate, { launch, showTemplateMenu }: CatalogueActions): Row {
  const { id, name, description, origin, pinned } = template
  const mark = origin === 'own' ? 'yours' : pinned ? 'pinned' : undefined
  const press = element(
    'button',
    { type: 'button', class: 'jp-Karvdash-template', 'aria-label': `Launch ${name}`, click: () => launch(template) },
    titleOf(name, mark),
    element('span', { class: 'jp-Karvdash-help' }, description),
  )
  const more = moreButton(name, id, showTemplateMenu)
  return { text: `${name} ${description} ${id}`, node: rowOf({ id, origin }, press, more) }
}

function savedRow(launch: SavedLaunch, template: ListedTemplate | undefined, actions: CatalogueActions): Row {
  const { label, name } = launch
  const words = template ? `${template.name}, as you saved it.` : `The template “${launch.template}” is not there any more.`
  const open = template ? () => actions.launch(template, launch) : () => undefined
  const press = element(
    'button',
    { type: 'button', class: 'jp-Karvdash-template', 'aria-label': `Open ${label}`, disabled: !template, click: open },
    titleOf(label, 'saved'),
    element('span', { class: 'jp-Karvdash-help' }, words),
  )
  const forget = button('Forget', { 'aria-label': `Forget ${label}` }, () => actions.forget(launch))
  const node = element('li', { class: 'jp-Karvdash-templateRow', 'data-launch': name }, press, forget)
  return { text: `${label} ${template?.name ?? launch.template}`, node }
}

/** What is wrong, as far as people need it to find the place. */
const mostFaults = 3

function brokenRow({ id, origin, faults }: BrokenTemplate, { showTemplateMenu }: CatalogueActions): Row {
  const told = faults.slice(0, mostFaults).map((fault) => {
    const place = placeWords(fault)
    return element(
      'p',
      { class: 'jp-Karvdash-hint jp-mod-error' },
      `${place === undefined ? '' : `${place}: `}${faultWords(fault)}`,
    )
  })
  const about = element('div', { class: 'jp-Karvdash-template' }, titleOf(id, 'cannot be used'), ...told)
  return { text: id, node: rowOf({ id, origin }, about, moreButton(id, id, showTemplateMenu)) }
}

function rowOf({ id, origin }: { id: string; origin: TemplateOrigin }, ...parts: HTMLElement[]): HTMLElement {
  return element('li', { class: 'jp-Karvdash-templateRow', 'data-template': id, 'data-origin': origin }, ...parts)
}

function titleOf(name: string, mark: string | undefined): HTMLElement {
  const badge = mark === undefined ? [] : [' ', element('small', { class: 'jp-Karvdash-mark' }, mark)]
  return element('span', {}, element('strong', {}, name), ...badge)
}

function moreButton(name: string, id: string, showMenu: CatalogueActions['showTemplateMenu']): HTMLButtonElement {
  const more: HTMLButtonElement = button('…', { 'aria-label': `More for ${name}`, 'aria-haspopup': 'menu' }, () =>
    showMenu(id, more.getBoundingClientRect()),
  )
  return more
}
