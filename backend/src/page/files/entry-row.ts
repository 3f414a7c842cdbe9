import { contract, type DomainName, type Entry, type FilePath, pathIn, pathOf } from '@karvdash/common'
import { button, element, setText } from '../element.ts'
import { icon } from '../icons.ts'
import { hashOf } from '../routes.ts'
import { momentOf } from '../times.ts'
import { sizeWords } from '../users/sizes.ts'
import { nameNode, shownName } from './shown-name.ts'

/** An entry in the list; `show` brings it up to date. */
export interface EntryRow {
  node: HTMLElement
  show(entry: Entry): void
}

export interface EntryRowPlan {
  domain: DomainName
  folder: FilePath
  /** Whether it can be renamed and deleted. */
  isWritable: boolean
  onOpen: (entry: Entry) => void
  onRename: (entry: Entry) => void
  onDelete: (entry: Entry) => void
}

/** Draws an entry. Whatever it is called, its name is text. */
export function entryRow(first: Entry, plan: EntryRowPlan): EntryRow {
  let entry = first
  const name = shownName(first.name)
  const path = pathIn(plan.folder, first.name)
  const about = element('p', { class: 'about' })
  const words = element('div', { class: 'entry-words' }, nameLink(first, path, plan.domain), about)
  const act = (verb: string, then: (entry: Entry) => void) =>
    button(verb, { class: 'quiet', 'aria-label': `${verb} ${name}` }, () => then(entry))
  const address = contentAddress(plan.domain, path)
  const download = { href: address, download: true, class: 'button quiet', 'aria-label': `Download ${name}` }
  const actions = element(
    'div',
    { class: 'entry-actions' },
    first.type === 'file' ? element('a', download, 'Download') : undefined,
    first.type === 'folder' ? act('Open in …', plan.onOpen) : undefined,
    ...(plan.isWritable ? [act('Rename', plan.onRename), act('Delete', plan.onDelete)] : []),
  )
  const node = element('li', { class: 'entry', 'data-entry': first.name }, icon(iconOf(first)), words, actions)
  return {
    node,
    show(now) {
      entry = now
      setText(about, aboutOf(now))
    },
  }
}

/** Where a file's bytes are; the server sends them to be kept, never to be shown on this origin. */
function contentAddress(domain: DomainName, path: FilePath): string {
  return `${pathOf(contract.readFile, { domain })}?${new URLSearchParams({ path })}`
}

function nameLink({ type, name }: Entry, path: FilePath, domain: DomainName): HTMLElement {
  if (type === 'folder') return element('a', { href: hashOf({ screen: 'files', domain, path }), class: 'name' }, nameNode(name))
  return element('span', { class: 'name' }, nameNode(name))
}

function iconOf({ type }: Entry): string {
  return type === 'folder' ? 'folder' : 'file'
}

function aboutOf({ type, size, modified, link, writable }: Entry): string {
  const kinds = { file: sizeWords(size), folder: 'Folder', 'link-broken': 'A link that leads nowhere here', other: 'Not a file' }
  const leads = link === undefined ? [] : [`link to ${shownName(link)}`]
  const kept = writable ? [] : ['read-only']
  return [kinds[type], momentOf(new Date(modified).toISOString()), ...leads, ...kept].join(' · ')
}
