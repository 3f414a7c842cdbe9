import { contract } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element, setText } from '../element.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { section } from '../section.ts'

/** Where I change my password. */
export function passwordSection(context: OwnContext): HTMLElement {
  const done = element('p', { class: 'done', role: 'status' })
  const draw = (): HTMLElement => {
    const form = passwordForm(context, done, () => form.replaceWith(draw()))
    return form
  }
  return section('Password', draw(), done)
}

function passwordForm({ api, session }: OwnContext, done: HTMLElement, startAgain: () => void): HTMLElement {
  const form = drawSchemaForm({
    name: 'Change password',
    body: contract.changePassword.body,
    fields: [
      { pointer: '/current', label: 'Current password', kind: 'password', attributes: { autocomplete: 'current-password' } },
      {
        pointer: '/next',
        label: 'New password',
        kind: 'password',
        hint: 'At least 8 characters. All your other sessions end, and editors are signed out.',
        attributes: { autocomplete: 'new-password' },
      },
    ],
    submit: { label: 'Change password', busy: 'Changing …' },
    async send(body) {
      setText(done, '')
      await api.call(contract.changePassword, { body })
      // Changing it began another session, with another CSRF token.
      await api.refresh()
      startAgain()
      setText(done, 'Your password is changed.')
    },
  })
  // Tells password managers whose password changes.
  form.prepend(
    element('input', { type: 'text', autocomplete: 'username', value: session.user.name, readonly: true, hidden: true }),
  )
  return form
}
