import { contract, type FilledOffer, filledTemplates, type ListedTemplate } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { element } from '../element.ts'
import { icon } from '../icons.ts'
import { hashOf } from '../routes.ts'

/** Offers the templates that can; the form of the one that people choose is filled in. @throws Problem where the templates cannot be had. */
export async function offerTemplates(title: string, offer: FilledOffer, { api, signal }: OwnContext): Promise<void> {
  const { items } = await api.call(contract.listTemplates, {}, { signal })
  const links = filledTemplates(items, offer).map(({ template, filled }) => templateLink(template, filled))
  const list = links.length > 0 ? element('ul', { class: 'rows offers' }, ...links) : element('p', {}, offer.none)
  const cancel = element('button', { type: 'button', autofocus: links.length === 0 }, 'Cancel')
  const dialog = openDialog(title, list, element('div', { class: 'actions' }, cancel))
  cancel.addEventListener('click', () => dialog.close())
  list.addEventListener('click', (event) => event.target instanceof Element && event.target.closest('a') && dialog.close())
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  await dialog.closed
}

function templateLink({ id, name, description, icon: drawing }: ListedTemplate, values: Record<string, string>): HTMLElement {
  const href = hashOf({ screen: 'launch', template: id, link: { values } })
  const link = element('a', { href, class: 'name' }, name)
  return element('li', {}, icon(drawing), element('div', {}, link, element('p', { class: 'about' }, description)))
}
