import type { contract, Reply } from '@karvdash/common'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import { shownOnce } from '../shown-once.ts'
import { momentOf } from '../times.ts'

type PasswordLink = Reply<typeof contract.resetPassword>

/** Shows a link by which somebody chooses a password, this once. */
export function showLink({ user: { name }, link, expiresAt }: PasswordLink): void {
  const text = `Hand this link to ${name} alone: whoever opens it chooses the password of ${name}. It works once, until ${momentOf(expiresAt)}.`
  const close = button('Close', {}, () => dialog.close())
  const shown = shownOnce({ text, value: link, label: `Password link for ${name}` })
  const dialog = openDialog(`A password for ${name}`, shown, element('div', { class: 'actions' }, close))
}
