import { contract, type ImageRepository } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { dropZone } from '../files/choosing.ts'
import { icon } from '../icons.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, isAdmin } from '../routes.ts'
import { askToAdd, askToUpload } from './add-image.ts'
import { additionPanel } from './addition-panel.ts'
import { freeSpaceButton } from './free-space.ts'
import { searchField } from './search-field.ts'

const pageSize = 50

/** The registry's repositories, and ways to add to them. */
export function imagesScreen(context: OwnContext): Screen {
  const { api, signal, session } = context
  const own = session.user.name
  const heading = element('h1', { tabindex: -1 }, 'Images')
  const list = element('ul', { class: 'rows card', 'aria-label': 'Repositories' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const note = element('p', { class: 'help' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', load))
  let [search, cursor]: [string, string | undefined] = ['', undefined]

  async function load(): Promise<void> {
    const [asked, isFirst] = [search, cursor === undefined]
    try {
      const query = { limit: pageSize, ...(asked !== '' && { search: asked }), ...(cursor !== undefined && { cursor }) }
      const { items, next, isWhole } = await api.call(contract.listRepositories, { query }, { signal })
      if (asked !== search) return
      const rows = items.map(repositoryRow)
      if (!isFirst) list.append(...rows)
      else arrange(list, rows.length > 0 ? rows : [element('li', { class: 'empty' }, noneWords(asked))])
      setText(failed, '')
      setText(note, isWhole ? '' : 'This registry lists nothing: these are the images that were added here.')
      cursor = next
      more.hidden = next === undefined
      body.hidden = false
    } catch (failure) {
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    }
  }
  const again = () => {
    cursor = undefined
    void load()
  }
  const find = searchField('Search images', (text) => {
    search = text
    again()
  })
  const begin = ([file]: File[]) => file && askToUpload(file, context)
  const tools = element(
    'div',
    { class: 'tools' },
    imageChooser(begin),
    button('Add from a folder', {}, () => askToAdd(context)),
    isAdmin(session) ? freeSpaceButton(context, (failure) => setText(failed, sentenceOf(failure))) : undefined,
  )
  const text = `Everybody may use every image. You add to names that begin with ${own}/, and to new ones below library/.`
  const parts = [element('p', { class: 'introduction' }, text), tools, additionPanel(context, again), find, note, list, more]
  const body = element('div', { class: 'images', hidden: true }, ...parts)
  dropZone(body, begin, (words) => setText(failed, words))
  void load()
  return { title: 'Images', node: element('div', {}, heading, failed, body) }
}

function noneWords(search: string): string {
  return search === ''
    ? 'No images yet. Upload what docker save wrote, or push with docker, podman or buildah.'
    : 'No repository has that in its name.'
}

function repositoryRow({ name, tags, mayPush }: ImageRepository): HTMLElement {
  const link = element('a', { href: hashOf({ screen: 'images', repository: name }) }, name)
  const badge = mayPush ? element('span', { class: 'badge' }, 'you may add') : undefined
  const words = element('div', {}, element('strong', {}, link), ' ', badge, element('p', { class: 'about' }, tagCount(tags)))
  return element('li', { 'data-repository': name }, icon('box'), words)
}

function tagCount(tags: number): string {
  return tags === 1 ? '1 tag' : `${tags} tags`
}

/** A button by which people choose a file with images. */
function imageChooser(onFiles: (files: File[]) => void): HTMLElement {
  const input = element('input', { type: 'file', hidden: true, 'aria-label': 'Image file', tabindex: -1 })
  input.addEventListener('change', () => {
    onFiles([...(input.files ?? [])])
    // The same file may be chosen again.
    input.value = ''
  })
  const choose = button('Upload an image', { class: 'primary' }, () => input.click())
  return element('span', {}, choose, input)
}
