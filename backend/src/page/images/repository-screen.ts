import { contract, type ImageTag, imageOffer, imageRights } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { offerTemplates } from '../launch/launch-with.ts'
import { sentenceOf } from '../problems.ts'
import { hashOf, isAdmin } from '../routes.ts'
import { askToDeleteImage } from './delete-image.ts'
import { searchField } from './search-field.ts'
import { tagRow } from './tag-row.ts'

const pageSize = 50

/** The tags of a repository, and what they name. */
export function repositoryScreen(repository: string, context: OwnContext): Screen {
  const { api, signal, session } = context
  const heading = element('h1', { tabindex: -1 }, repository)
  const list = element('ul', { class: 'rows card', 'aria-label': 'Tags', tabindex: -1 })
  const failed = element('p', { class: 'error', role: 'alert' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', load))
  const role = isAdmin(session) ? 'admin' : 'user'
  const mayDelete = imageRights({ user: session.user.name, role }, repository, true).includes('delete')
  let [search, cursor]: [string, string | undefined] = ['', undefined]

  async function load(): Promise<void> {
    const [asked, isFirst] = [search, cursor === undefined]
    const query = { repository, limit: pageSize, ...(asked !== '' && { search: asked }), ...(cursor !== undefined && { cursor }) }
    try {
      const { items, next } = await api.call(contract.listImageTags, { query }, { signal })
      if (asked !== search) return
      const rows = items.map((tag) => tagRow(tag, { onLaunch: launch, onDelete: mayDelete ? remove : undefined }))
      if (!isFirst) list.append(...rows)
      else arrange(list, rows.length > 0 ? rows : [element('li', { class: 'empty' }, 'There is no such tag.')])
      setText(failed, '')
      cursor = next
      more.hidden = next === undefined
    } catch (failure) {
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    }
  }
  async function again(): Promise<void> {
    cursor = undefined
    await load()
  }
  const launch = ({ reference }: ImageTag) =>
    offerTemplates('Launch with this image', imageOffer(reference), context).catch((failure: unknown) =>
      setText(failed, sentenceOf(failure)),
    )
  async function remove({ tag }: ImageTag): Promise<void> {
    try {
      if (!(await askToDeleteImage({ repository, tag }, api))) return
      await again()
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    }
    // The button that had the focus is gone.
    list.focus()
  }
  const find = searchField('Search tags', (text) => {
    search = text
    void again()
  })
  void load()
  const back = element('a', { href: hashOf({ screen: 'images' }) }, 'All images')
  const node = element('div', { class: 'images' }, element('p', {}, back), heading, failed, find, list, more)
  return { title: repository, node }
}
