import { contract, type Domain, type DomainName, type Entry, type Field, FilePath, folderOf, pathIn } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import type { Control } from '../field.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import type { Place } from './entry-changes.ts'
import { nameNode, shownName } from './shown-name.ts'

/** What is to be chosen, and where it is written. */
interface Choosing {
  control: Control
  field: Pick<Field, 'label' | 'limits'>
}

/** A button that lets people choose a file or a folder of their domains instead of writing its path. */
export function entryButton(choosing: Choosing, context: OwnContext): HTMLButtonElement {
  const { label } = choosing.field
  return button('Choose …', { 'aria-label': `Choose ${label}` }, () => openChooser(choosing, context))
}

const pageSize = 500

function openChooser({ control, field }: Choosing, { api, signal }: OwnContext): void {
  const kind = field.limits.kind ?? 'folder'
  const allowed = (field.limits.domains ?? ['local', 'remote', 'shared']) as DomainName[]
  const failed = element('p', { class: 'error', role: 'alert' })
  const where = element('p', { class: 'chooser-place', role: 'status' })
  const list = element('ul', { class: 'chooser', 'aria-label': 'Entries', tabindex: -1 })
  const roots = allowed.map((domain) => button(`/${domain}`, {}, () => void show(root(domain))))
  const here = button('Choose this folder', { class: 'primary', hidden: kind !== 'folder' }, () => choose(place))
  const cancel = button('Cancel', {}, () => dialog.close())
  let place = placeOf(control.value, allowed, kind)

  async function show(next: Place): Promise<void> {
    place = next
    setText(failed, '')
    setText(where, shownName(pathWords(next)))
    try {
      const query = { path: next.path, limit: pageSize, ...(kind === 'folder' && { type: 'folder' as const }) }
      const found = await api.call(contract.listEntries, { params: { domain: next.domain }, query }, { signal })
      if (next === place) arrange(list, rowsOf(found, { kind, place, show: (inside) => void show(inside), choose }))
    } catch (failure) {
      arrange(
        list,
        above(next, (upper) => void show(upper)),
      )
      setText(failed, sentenceOf(failure))
    }
    list.focus()
  }
  function choose(chosen: Place): void {
    control.value = pathWords(chosen)
    for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }))
    dialog.close()
  }
  const parts = [element('div', { class: 'actions' }, ...roots), where, failed, list]
  const dialog = openDialog(`Choose a ${kind}`, ...parts, element('div', { class: 'actions' }, cancel, here))
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  void show(place)
}

interface Rowing {
  kind: 'file' | 'folder'
  place: Place
  show: (place: Place) => void
  choose: (place: Place) => void
}

function rowsOf({ items, next }: { items: Entry[]; next?: string | undefined }, rowing: Rowing): HTMLElement[] {
  const { kind, place, show, choose } = rowing
  const rows = items.flatMap(({ name, type }) => {
    const inside = { domain: place.domain, path: pathIn(place.path, name) }
    if (type === 'folder') return [item(nameNode(name), 'folder', () => show(inside))]
    return type === 'file' && kind === 'file' ? [item(nameNode(name), 'file', () => choose(inside))] : []
  })
  const note = (text: string) => element('li', { class: 'about' }, text)
  const none = rows.length === 0 ? [note(kind === 'folder' ? 'No folders in here.' : 'Nothing in here.')] : []
  return [
    ...above(place, show),
    ...rows,
    ...none,
    ...(next === undefined ? [] : [note('There is more: write the path by hand.')]),
  ]
}

function above({ domain, path }: Place, show: (place: Place) => void): HTMLElement[] {
  return path === '' ? [] : [item('..', 'folder', () => show({ domain, path: folderOf(path) }), 'The folder above')]
}

function item(name: Node | string, drawing: string, then: () => void, label?: string): HTMLElement {
  const open = button('', { class: 'quiet', 'aria-label': label }, then)
  open.append(icon(drawing), name)
  return element('li', {}, open)
}

function root(domain: DomainName): Place {
  return { domain, path: FilePath.parse('') }
}

/** Where what is written already leads; the first domain, where it leads nowhere. */
function placeOf(text: string, allowed: DomainName[], kind: 'file' | 'folder'): Place {
  const [first = '', ...names] = text.trim().replace(/^\//, '').replace(/\/$/, '').split('/')
  const domain = allowed.find((one) => one === first)
  const path = FilePath.safeParse(names.join('/'))
  if (domain === undefined || !path.success) return root(allowed[0] ?? 'local')
  return { domain, path: kind === 'file' ? folderOf(path.data) : path.data }
}

function pathWords({ domain, path }: { domain: Domain['name']; path: FilePath }): string {
  return path === '' ? `/${domain}` : `/${domain}/${path}`
}
