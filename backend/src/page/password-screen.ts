import { contract } from '@karvdash/common'
import type { Screen, ScreenContext } from './context.ts'
import { arrange, element } from './element.ts'
import { drawSchemaForm } from './schema-form.ts'

/** Where people choose a password who were handed a link. */
export function passwordScreen(code: string, { api }: ScreenContext): Screen {
  const title = 'Choose a password'
  const node = element('div', { class: 'card door' }, element('h1', { tabindex: -1 }, title))
  const form = drawSchemaForm({
    name: title,
    body: contract.choosePassword.body,
    fields: [
      {
        pointer: '/password',
        label: 'New password',
        kind: 'password',
        hint: 'At least 8 characters.',
        attributes: { autocomplete: 'new-password', autofocus: true },
      },
    ],
    read: ({ password }) => ({ code, password }),
    submit: { label: 'Choose password', busy: 'Choosing …' },
    send: async (body) => {
      const { username } = await api.call(contract.choosePassword, { body })
      arrange(node, chosen(username))
      node.querySelector('h1')?.focus()
      // Whoever is signed in here is signed out where it was their password.
      if (api.session()) await api.refresh()
    },
  })
  node.append(form)
  return { title, node }
}

function chosen(username: string): HTMLElement[] {
  return [
    element('h1', { tabindex: -1 }, 'Your password is chosen'),
    element('p', { role: 'status' }, `Sign in with it: your username is ${username}.`),
    element('p', { class: 'door-other' }, element('a', { href: '#/services', class: 'button primary' }, 'Sign in')),
  ]
}
