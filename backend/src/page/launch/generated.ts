import type { GeneratedPassword } from '@karvdash/common'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import { shownOnce } from '../shown-once.ts'

/** Shows the passwords that were made for a service: they do not come back. */
export function showGenerated(service: string, generated: GeneratedPassword[]): void {
  const texts = generated.map(({ label, value }) =>
    shownOnce({ text: `${label}: made for ${service}, and shown this once. Keep it.`, value, label }),
  )
  const done = button('Done', { class: 'primary' }, () => dialog.close())
  const dialog = openDialog(`${service} is launched`, ...texts, element('div', { class: 'actions' }, done))
}
