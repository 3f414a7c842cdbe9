import { contract, type User } from '@karvdash/common'
import type { OwnContext, Screen } from './context.ts'
import { element, setText } from './element.ts'
import { drawSchemaForm } from './schema-form.ts'
import { tokensSection } from './tokens.ts'

/** Who I am, my password, my tokens. */
export function accountScreen(context: OwnContext): Screen {
  const node = element(
    'div',
    { class: 'narrow' },
    element('h1', { tabindex: -1 }, 'Account'),
    whoIAm(context.session.user),
    passwordSection(context),
    tokensSection(context),
  )
  return { title: 'Account', node }
}

function whoIAm({ name, displayName, email, role, namespace }: User): HTMLElement {
  const facts = Object.entries({
    Username: name,
    'Display name': displayName,
    Email: email,
    Role: role === 'admin' ? 'Administrator' : 'User',
    Namespace: namespace ?? '',
  }).filter(([, value]) => value !== '')
  const rows = facts.map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value)))
  return element('section', { class: 'card', 'aria-label': 'Who I am' }, element('dl', { class: 'facts' }, ...rows))
}

function passwordSection(context: OwnContext): HTMLElement {
  const done = element('p', { class: 'done', role: 'status' })
  const heading = element('h2', { id: 'password-heading' }, 'Change password')
  const section = element('section', { class: 'card', 'aria-labelledby': 'password-heading' }, heading)
  const draw = () => passwordForm(context, done, () => section.querySelector('form')?.replaceWith(draw()))
  section.append(draw(), done)
  return section
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
        hint: 'At least 8 characters. All your other sessions end.',
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
