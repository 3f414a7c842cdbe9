import { contract, type Token } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { drawRows } from '../rows.ts'
import { scopeList } from '../scopes.ts'
import { section } from '../section.ts'
import { shownOnce } from '../shown-once.ts'
import { dayOf, momentOf } from '../times.ts'
import { tokenForm } from './token-form.ts'

const about = 'A token lets a tool, such as curl or docker, sign in as you: as a Bearer token, or in the place of your password.'

/** Personal tokens: what tools sign in with. */
export function tokensSection(context: OwnContext): HTMLElement {
  const { api, signal } = context
  const all = button('Revoke all', { class: 'rows-end', hidden: true }, () => void revokeAll())
  const rows = drawRows<Token>(
    {
      label: 'Personal tokens',
      none: 'You have no tokens.',
      signal,
      idOf: ({ id }) => id,
      nameOf: ({ name }) => name,
      about: aboutOf,
      load: async () => (await api.call(contract.listTokens, {}, { signal })).items,
      verb: 'Revoke',
      busy: 'Revoking …',
      question: ({ name }) => ({
        title: `Revoke ${name}?`,
        text: `Whatever signs in with “${name}” is shut out at once.`,
        yes: 'Revoke',
      }),
      end: ({ id }) => api.call(contract.deleteToken, { params: { token: id } }),
    },
    (count) => {
      all.hidden = count < 2
    },
  )
  const failed = element('p', { role: 'alert', class: 'error' })
  async function revokeAll(): Promise<void> {
    const text = 'Whatever signs in with one of your tokens is shut out at once.'
    if (!(await confirmed({ title: 'Revoke all tokens?', text, yes: 'Revoke all' }))) return
    await whileBusy(all, 'Revoking …', () =>
      api.call(contract.deleteTokens).then(rows.clear, (failure: unknown) => setText(failed, sentenceOf(failure))),
    )
  }
  const fresh = element('div', { role: 'status' })
  const form = tokenForm(context, (token) => {
    const { name, secret } = token
    rows.add(token)
    const text = `This is the secret of “${name}”. Copy it now: it is not shown again.`
    arrange(fresh, [shownOnce({ text, value: secret, label: `Secret of ${name}` })])
  })
  return section('Personal tokens', about, rows.node, all, failed, fresh, form)
}

function aboutOf({ scopes, createdAt, expiresAt, usedAt }: Token): string {
  const isOver = Date.parse(expiresAt) < Date.now()
  const used = usedAt === undefined ? 'never used' : `last used ${momentOf(usedAt)}`
  return [scopeList(scopes), used, `made ${dayOf(createdAt)}`, `${isOver ? 'expired' : 'expires'} ${dayOf(expiresAt)}`].join(
    ' · ',
  )
}
