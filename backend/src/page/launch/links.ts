import { formFields, type LinkedValues, type ListedTemplate, launchLinkOf, type Values } from '@karvdash/common'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import { hashOf } from '../routes.ts'
import { shownOnce } from '../shown-once.ts'

/** Says what was filled in for people: they look at it before they launch. */
export function filledNote({ filled, left }: Pick<LinkedValues, 'filled' | 'left'>): HTMLElement {
  const filledIn = filled.length > 0 ? `Filled in for you: ${filled.join(', ')}. Look at it before you launch.` : undefined
  const notAsked = left.length > 0 ? `Left out, since this form does not take it from a link: ${left.join(', ')}.` : undefined
  const texts = [filledIn, notAsked].flatMap((text) => (text === undefined ? [] : [element('p', {}, text)]))
  return element('div', { class: 'notice', role: 'note', hidden: texts.length === 0 }, ...texts)
}

/** Shows a link to a form as it is filled in now. */
export async function showLink(template: ListedTemplate, name: string, values: Values): Promise<void> {
  const link = launchLinkOf(formFields(template), name, values)
  const value = new URL(hashOf({ screen: 'launch', template: template.id, link }), location.href).href
  const text = 'Whoever opens it finds this form filled in like this, and decides whether to launch. Passwords are not in it.'
  const done = button('Done', { class: 'primary' }, () => dialog.close())
  const dialog = openDialog(
    'A link to this form',
    shownOnce({ text, value, label: 'Link' }),
    element('div', { class: 'actions' }, done),
  )
  await dialog.closed
}
