import { contract, type Field, type ImageRepository, type ImageTag, platformWords } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import type { Control } from '../field.ts'
import { sentenceOf } from '../problems.ts'
import { searchField } from './search-field.ts'

interface Choosing {
  control: Control
  field: Pick<Field, 'label'>
}

/** A button that lets people choose an image of the registry instead of writing its name. */
export function imageButton(choosing: Choosing, context: OwnContext): HTMLButtonElement {
  const { label } = choosing.field
  return button('Choose …', { 'aria-label': `Choose ${label}` }, () => openChooser(choosing, context))
}

const mostShown = 100

function openChooser({ control }: Choosing, { api, signal }: OwnContext): void {
  const failed = element('p', { class: 'error', role: 'alert' })
  const where = element('p', { class: 'chooser-place', role: 'status' })
  const list = element('ul', { class: 'chooser', 'aria-label': 'Images', tabindex: -1 })
  let repository: string | undefined
  let search = ''

  async function show(): Promise<void> {
    const [asked, looked] = [repository, search]
    const query = { limit: mostShown, ...(looked !== '' && { search: looked }) }
    setText(failed, '')
    setText(where, asked ?? 'Everybody’s images')
    try {
      const rows =
        asked === undefined
          ? repositoryRows(await api.call(contract.listRepositories, { query }, { signal }), enter)
          : tagRows(await api.call(contract.listImageTags, { query: { ...query, repository: asked } }, { signal }), choose)
      const back = asked === undefined ? [] : [item('..', () => enter(undefined), 'All images')]
      if (asked === repository && looked === search) arrange(list, [...back, ...rows])
    } catch (failure) {
      arrange(list, [])
      setText(failed, sentenceOf(failure))
    }
  }
  function enter(name: string | undefined): void {
    repository = name
    search = ''
    field.value = ''
    void show().then(() => list.focus())
  }
  function choose(reference: string): void {
    control.value = reference
    for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }))
    dialog.close()
  }
  const field = searchField('Search', (text) => {
    search = text
    void show()
  })
  const cancel = button('Cancel', {}, () => dialog.close())
  const dialog = openDialog('Choose an image', field, where, failed, list, element('div', { class: 'actions' }, cancel))
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  void show()
}

interface Found<T> {
  items: T[]
  next?: string | undefined
}

function repositoryRows({ items, next }: Found<ImageRepository>, enter: (name: string) => void): HTMLElement[] {
  const rows = items.map(({ name }) => item(name, () => enter(name)))
  return withNotes(rows, next)
}

function tagRows({ items, next }: Found<ImageTag>, choose: (reference: string) => void): HTMLElement[] {
  const images = items.filter(({ platforms }) => platforms.length > 0)
  const rows = images.map((image) => item(`${image.tag} · ${platformWords(image)}`, () => choose(image.reference), image.tag))
  return withNotes(rows, next)
}

function withNotes(rows: HTMLElement[], next: string | undefined): HTMLElement[] {
  const note = (text: string) => element('li', { class: 'about' }, text)
  const none = rows.length === 0 ? [note('Nothing here.')] : []
  return [...rows, ...none, ...(next === undefined ? [] : [note('There is more: search for a part of its name.')])]
}

function item(words: string, then: () => void, label?: string): HTMLElement {
  return element('li', {}, button(words, { class: 'quiet', 'aria-label': label }, then))
}
