import { contract, type Reply, TokenScope, usualScopes } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import type { FieldPlan } from '../field.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { scopeNames } from '../scopes.ts'

type FreshToken = Reply<typeof contract.createToken>

const help: Partial<Record<TokenScope, string>> = {
  'read-only': 'It may look, and change nothing.',
  admin: 'What administrators may do with users.',
}

/** Where I make a token. */
export function tokenForm({ api, session }: OwnContext, onMade: (token: FreshToken) => void): HTMLElement {
  const scopes = TokenScope.options.filter((scope) => scope !== 'admin' || session.user.role === 'admin')
  const form: HTMLFormElement = drawSchemaForm({
    name: 'Create a token',
    body: contract.createToken.body,
    fields: [nameField, daysField, ...scopes.map(scopeField)],
    read: ({ name, days = '', ...texts }) => ({
      name,
      days: /^\d+$/.test(days.trim()) ? Number(days) : days,
      scopes: scopes.filter((scope) => texts[scopePointer(scope).slice(1)] === 'true'),
    }),
    checkMore: ({ days = '' }) =>
      /^\d+$/.test(days.trim()) ? [] : [{ pointer: '/days', detail: 'Enter a whole number from 1 to 365.' }],
    submit: { label: 'Create token', busy: 'Creating …' },
    async send(body) {
      onMade(await api.call(contract.createToken, { body }))
      form.reset()
    },
  })
  return form
}

const nameField: FieldPlan = {
  pointer: '/name',
  label: 'Token name',
  kind: 'text',
  hint: 'What it is for, such as “laptop”.',
  attributes: { maxlength: 60 },
}

const daysField: FieldPlan = {
  pointer: '/days',
  label: 'Days',
  kind: 'text',
  value: '90',
  hint: 'How long it works, from 1 to 365.',
  attributes: { inputmode: 'numeric', maxlength: 4 },
}

function scopeField(scope: TokenScope): FieldPlan {
  const words = help[scope]
  return {
    pointer: scopePointer(scope),
    label: scopeNames[scope],
    kind: 'checkbox',
    value: String(usualScopes.includes(scope)),
    group: 'What it may do',
    ...(words !== undefined && { help: words }),
  }
}

function scopePointer(scope: TokenScope): string {
  return `/scope-${scope}`
}
