import { contract } from '@karvdash/common'
import type { Screen, ScreenContext } from './context.ts'
import { element } from './element.ts'
import { externalSignIn } from './external.ts'
import { drawSchemaForm } from './schema-form.ts'

/** Where people sign in; `reason` says why they have to, where there is more to it than that they came. */
export function signInScreen(context: ScreenContext, reason?: string): Screen {
  const { api } = context
  const form = drawSchemaForm({
    name: 'Sign in',
    body: contract.signIn.body,
    fields: [
      { pointer: '/username', label: 'Username', kind: 'text', attributes: { autocomplete: 'username', autofocus: true } },
      { pointer: '/password', label: 'Password', kind: 'password', attributes: { autocomplete: 'current-password' } },
    ],
    read: ({ username = '', password }) => ({ username: username.trim(), password }),
    checkMore: ({ username }) => (username?.trim() ? [] : [{ pointer: '/username', detail: 'Enter the username.' }]),
    submit: { label: 'Sign in', busy: 'Signing in …' },
    send: async (body) => api.adopt(await api.call(contract.signIn, { body })),
  })
  const node = element(
    'div',
    { class: 'card door' },
    element('h1', { tabindex: -1 }, 'Sign in'),
    reason === undefined ? undefined : element('p', { class: 'notice', role: 'status' }, reason),
    form,
    externalSignIn(context),
    element('p', { class: 'door-other' }, 'No account yet? ', element('a', { href: '#/sign-up' }, 'Sign up')),
  )
  return { title: 'Sign in', node }
}
