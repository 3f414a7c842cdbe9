import { contract } from '@karvdash/common'
import type { Screen, ScreenContext } from './context.ts'
import { arrange, element } from './element.ts'
import type { FieldPlan } from './field.ts'
import { drawSchemaForm } from './schema-form.ts'

const fields: FieldPlan[] = [
  {
    pointer: '/username',
    label: 'Username',
    kind: 'text',
    hint: 'Lower-case letters and digits.',
    attributes: { autocomplete: 'username', maxlength: 30, autofocus: true },
  },
  { pointer: '/email', label: 'Email', kind: 'email', attributes: { autocomplete: 'email' } },
  {
    pointer: '/displayName',
    label: 'Display name',
    kind: 'text',
    isOptional: true,
    attributes: { autocomplete: 'name', maxlength: 100 },
  },
  {
    pointer: '/password',
    label: 'Password',
    kind: 'password',
    hint: 'At least 8 characters.',
    attributes: { autocomplete: 'new-password' },
  },
]

/** Where people ask for an account. */
export function signUpScreen({ api }: ScreenContext): Screen {
  const heading = element('h1', { tabindex: -1 }, 'Sign up')
  const node = element('div', { class: 'card door' })
  const form = drawSchemaForm({
    name: 'Sign up',
    body: contract.signUp.body,
    fields,
    submit: { label: 'Sign up', busy: 'Signing up …' },
    send: async (body) => {
      const { name } = await api.call(contract.signUp, { body })
      arrange(node, welcome(name))
      node.querySelector('h1')?.focus()
    },
  })
  const back = element('p', { class: 'door-other' }, 'You have an account? ', element('a', { href: '#/services' }, 'Sign in'))
  arrange(node, [heading, form, back])
  return { title: 'Sign up', node }
}

function welcome(name: string): HTMLElement[] {
  return [
    element('h1', { tabindex: -1 }, `Welcome, ${name}`),
    element('p', { role: 'status' }, 'Wait: an administrator activates you. Then you can sign in.'),
    element('p', { class: 'door-other' }, element('a', { href: '#/services', class: 'button' }, 'Back to sign in')),
  ]
}
