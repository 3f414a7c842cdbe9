import { contract, type Reply, type Token } from '@karvdash/common'
import { whileBusy } from './busy.ts'
import type { OwnContext } from './context.ts'
import { confirmed } from './dialog.ts'
import { arrange, button, element, setText } from './element.ts'
import { sentenceOf } from './problems.ts'
import { drawSchemaForm } from './schema-form.ts'
import { dayOf } from './times.ts'

type FreshToken = Reply<typeof contract.createToken>

/** Personal tokens: what tools sign in with. */
export function tokensSection(context: OwnContext): HTMLElement {
  const { api, signal } = context
  const list = element('ul', { class: 'tokens', 'aria-label': 'Personal tokens' })
  const failed = element('p', { role: 'alert', class: 'error' })
  const fresh = element('div', { role: 'status' })
  const rows = new Map<string, HTMLElement>()
  const arrangeRows = () =>
    arrange(list, rows.size > 0 ? [...rows.values()] : [element('li', { class: 'empty' }, 'You have no tokens.')])

  function add(token: Token): void {
    const row = tokenRow(token, () => revoke(token))
    rows.set(token.id, row)
    arrangeRows()
  }
  async function revoke(token: Token): Promise<void> {
    const text = `Whatever signs in with “${token.name}” is shut out at once.`
    if (!(await confirmed({ title: `Revoke ${token.name}?`, text, yes: 'Revoke' }))) return
    const pressed = rows.get(token.id)?.querySelector('button')
    if (pressed) await whileBusy(pressed, 'Revoking …', () => remove(token))
  }
  async function remove({ id }: Token): Promise<void> {
    setText(failed, '')
    try {
      await api.call(contract.deleteToken, { params: { token: id } })
      rows.delete(id)
      arrangeRows()
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    }
  }
  async function load(): Promise<void> {
    const { items } = await api.call(contract.listTokens, {}, { signal })
    for (const token of items) add(token)
    arrangeRows()
  }
  load().catch((failure: unknown) => !signal.aborted && setText(failed, sentenceOf(failure)))

  const form = tokenForm(context, (token) => {
    add(token)
    arrange(fresh, [secretOf(token)])
  })
  const about =
    'A token lets a tool, such as an editor or curl, sign in as you: as a Bearer token, or in the place of your password.'
  const heading = element('h2', { id: 'tokens-heading' }, 'Personal tokens')
  return element(
    'section',
    { class: 'card', 'aria-labelledby': 'tokens-heading' },
    heading,
    element('p', {}, about),
    list,
    failed,
    fresh,
    form,
  )
}

function tokenRow({ id, name, createdAt, expiresAt }: Token, onRevoke: () => Promise<void>): HTMLElement {
  const isOver = Date.parse(expiresAt) < Date.now()
  const life = `made ${dayOf(createdAt)}, ${isOver ? 'expired' : 'expires'} ${dayOf(expiresAt)}`
  const words = element('div', {}, element('strong', {}, name), element('p', { class: 'about' }, life))
  const revoke = button('Revoke', { class: 'quiet', 'aria-label': `Revoke ${name}` }, () => void onRevoke())
  return element('li', { 'data-token': id }, words, revoke)
}

function tokenForm({ api }: OwnContext, onMade: (token: FreshToken) => void): HTMLElement {
  const form: HTMLFormElement = drawSchemaForm({
    name: 'Create a token',
    body: contract.createToken.body,
    fields: [
      {
        pointer: '/name',
        label: 'Token name',
        kind: 'text',
        hint: 'What it is for, such as “laptop”.',
        attributes: { maxlength: 60 },
      },
      {
        pointer: '/days',
        label: 'Days',
        kind: 'text',
        value: '90',
        hint: 'How long it works, from 1 to 365.',
        attributes: { inputmode: 'numeric', maxlength: 4 },
      },
    ],
    read: ({ name, days = '' }) => ({ name, days: /^\d+$/.test(days.trim()) ? Number(days) : days }),
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

/** The secret, this once. */
function secretOf({ name, secret }: FreshToken): HTMLElement {
  const field = element('input', {
    readonly: true,
    value: secret,
    'aria-label': `Secret of ${name}`,
    class: 'secret',
    autocomplete: 'off',
  })
  field.addEventListener('focus', () => field.select())
  const copy = button('Copy', { 'aria-label': 'Copy the secret' }, () => void copySecret(field, copy))
  const text = `This is the secret of “${name}”. Copy it now: it is not shown again.`
  return element('div', { class: 'notice' }, element('p', {}, text), element('div', { class: 'secret-row' }, field, copy))
}

async function copySecret(field: HTMLInputElement, copy: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value)
    setText(copy, 'Copied')
  } catch {
    // A browser may refuse: then the secret is selected, and people copy it themselves.
    field.focus()
  }
}
