import {
  type BrokenTemplate,
  byHeading,
  contract,
  faultWords,
  isFound,
  type ListedTemplate,
  placeWords,
  type SavedLaunch,
} from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { arrange, element } from '../element.ts'
import { drawField } from '../field.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf } from '../routes.ts'

/** What may be launched. */
export interface Catalogue {
  node: HTMLElement
  /** The templates, once they are there; none where they cannot be had. */
  loaded: Promise<ListedTemplate[]>
}

/** What people look through: saved launches, templates, and those that cannot be used. */
interface Card {
  /** What is searched. */
  text: string
  node: HTMLElement
}

/** Cards below one heading. */
interface Group {
  section: HTMLElement
  list: HTMLElement
  cards: Card[]
}

interface Cards {
  saved: Card[]
  groups: Group[]
}

/** Draws the templates, with what was saved of them, and a search. */
export function drawCatalogue(context: OwnContext): Catalogue {
  const heading = element('h2', { id: 'templates-heading' }, 'Launch a service')
  const saved = element('ul', { class: 'templates saved', 'aria-label': 'Saved launches' })
  const list = element('div', { class: 'template-groups' })
  const none = element('p', { class: 'empty', hidden: true, role: 'status' }, 'No template is called so.')
  const search = drawField({ pointer: '/search', label: 'Search', kind: 'text', attributes: { type: 'search', maxlength: 100 } })
  const own = element('a', { href: hashOf({ screen: 'templates', home: 'own' }), class: 'button' }, 'Own templates')
  let cards: Cards = { saved: [], groups: [] }
  function draw(): void {
    const matching = (all: Card[]) => all.filter(({ text }) => isFound(text, search.text())).map(({ node }) => node)
    const launches = matching(cards.saved)
    arrange(saved, launches)
    saved.hidden = launches.length === 0
    const groups = cards.groups.flatMap(({ section, list: of, cards: all }) => {
      const found = matching(all)
      arrange(of, found)
      return found.length > 0 ? [section] : []
    })
    arrange(list, groups)
    none.hidden = search.text().trim() === '' || launches.length + groups.length > 0
  }
  search.control.addEventListener('input', draw)
  async function load(): Promise<ListedTemplate[]> {
    try {
      const found = await ask(context)
      cards = cardsOf(found)
      draw()
      return found.items
    } catch (failure) {
      if (!context.signal.aborted) arrange(list, [element('p', { class: 'empty', role: 'alert' }, sentenceOf(failure))])
      return []
    }
  }
  const tools = element('div', { class: 'tools' }, search.node, own)
  return { node: element('section', { 'aria-labelledby': heading.id }, heading, tools, none, saved, list), loaded: load() }
}

interface Found {
  items: ListedTemplate[]
  broken: BrokenTemplate[]
  launches: SavedLaunch[]
}

async function ask({ api, signal }: OwnContext): Promise<Found> {
  const [templates, launches] = await Promise.all([
    api.call(contract.listTemplates, {}, { signal }),
    api.call(contract.listLaunches, {}, { signal }),
  ])
  return { ...templates, launches: launches.items }
}

function cardsOf({ items, broken, launches }: Found): Cards {
  const groups = [...byHeading(items)].map(([heading, templates]) => groupOf(heading, templates.map(templateCard)))
  return {
    saved: launches.map((launch) => savedCard(launch, items)),
    groups: broken.length > 0 ? [...groups, groupOf('To be mended', broken.map(brokenCard))] : groups,
  }
}

function groupOf(heading: string, cards: Card[]): Group {
  const list = element('ul', { class: 'templates', 'aria-label': heading })
  return { section: element('section', {}, element('h3', {}, heading), list), list, cards }
}

function templateCard({ id, name, description, icon: drawing, origin, pinned }: ListedTemplate): Card {
  const launch = { href: hashOf({ screen: 'launch', template: id }), class: 'button', 'aria-label': `Launch ${name}` }
  const edit = { href: hashOf({ screen: 'template', home: 'own', id }), class: 'button quiet', 'aria-label': `Edit ${name}` }
  const mark = origin === 'own' ? 'yours' : pinned ? 'pinned' : undefined
  const node = element(
    'li',
    { class: 'card template', 'data-template': id },
    cardHead(drawing, name, mark),
    element('p', {}, description),
    element(
      'div',
      { class: 'actions' },
      element('a', launch, 'Launch'),
      origin === 'own' ? element('a', edit, 'Edit') : undefined,
    ),
  )
  return { text: `${name} ${description} ${id}`, node }
}

function savedCard({ name, label, template }: SavedLaunch, items: ListedTemplate[]): Card {
  const of = items.find(({ id }) => id === template)
  const open = { href: hashOf({ screen: 'launch', template, saved: name }), class: 'button', 'aria-label': `Open ${label}` }
  const words = of ? `${of.name}, as you saved it.` : `The template “${template}” is not there any more.`
  const node = element(
    'li',
    { class: 'card template', 'data-launch': name },
    cardHead(of?.icon, label, 'saved'),
    element('p', {}, words),
    element('div', { class: 'actions' }, element('a', open, 'Open')),
  )
  return { text: `${label} ${of?.name ?? template}`, node }
}

/** What is wrong with it, as far as people need it to find the place. */
const mostFaults = 3

function brokenCard({ id, origin, faults }: BrokenTemplate): Card {
  const told = faults.slice(0, mostFaults).map((fault) => {
    const place = placeWords(fault)
    return element('li', {}, `${place === undefined ? '' : `${place}: `}${faultWords(fault)}`)
  })
  const edit = { href: hashOf({ screen: 'template', home: 'own', id }), class: 'button', 'aria-label': `Edit ${id}` }
  const node = element(
    'li',
    { class: 'card template', 'data-broken': id },
    cardHead(undefined, id, 'cannot be used'),
    element('ul', { class: 'losses error' }, ...told),
    origin === 'own' ? element('div', { class: 'actions' }, element('a', edit, 'Edit')) : undefined,
  )
  return { text: id, node }
}

function cardHead(drawing: string | undefined, name: string, mark: string | undefined): HTMLElement {
  const badge = mark === undefined ? undefined : element('span', { class: 'badge' }, mark)
  return element('div', { class: 'template-head' }, icon(drawing), element('h4', {}, name), badge)
}
