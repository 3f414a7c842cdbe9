import { type AuditEntry, contract, UserName } from '@karvdash/common'
import * as z from 'zod'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { momentOf } from '../times.ts'
import { deedWords, doerWords, resultWords, wayWords } from './words.ts'

const pageSize = 50
const Filter = z.object({ user: z.union([z.literal(''), UserName], 'That is not a username.') })

/** Who did what, the newest first. */
export function auditScreen(context: OwnContext): Screen {
  const { api, signal } = context
  const list = element('ol', { class: 'audit', 'aria-label': 'Audit log', 'aria-live': 'off' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', load))
  let user = ''
  let cursor: string | undefined

  async function load(): Promise<void> {
    setText(failed, '')
    const [asked, isFirst] = [user, cursor === undefined]
    try {
      const query = { limit: pageSize, ...(asked !== '' && { user: asked }), ...(cursor !== undefined && { cursor }) }
      const { items, next } = await api.call(contract.listAudit, { query }, { signal })
      // Meanwhile somebody else may have been asked for.
      if (asked !== user) return
      const rows = items.map(entryRow)
      if (!isFirst) list.append(...rows)
      else arrange(list, rows.length > 0 ? rows : [element('li', { class: 'empty' }, 'Nothing is recorded.')])
      cursor = next
      more.hidden = next === undefined
    } catch (failure) {
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    }
  }
  const form = filterForm(async (wanted) => {
    user = wanted
    cursor = undefined
    await load()
  })
  void load()
  const heading = element('h1', { tabindex: -1 }, 'Audit')
  const about = element('p', { class: 'introduction' }, 'Who changed what, the newest first. What was only read is not recorded.')
  return { title: 'Audit', node: element('div', {}, heading, about, form, list, failed, more) }
}

function filterForm(show: (user: string) => Promise<void>): HTMLElement {
  const form = drawSchemaForm({
    name: 'Filter',
    body: Filter,
    fields: [{ pointer: '/user', label: 'User', kind: 'text', isOptional: true, attributes: { maxlength: 30 } }],
    read: ({ user = '' }) => ({ user: user.trim() }),
    submit: { label: 'Show', busy: 'Loading …' },
    send: ({ user }) => show(user),
  })
  form.classList.add('tools')
  return form
}

function entryRow(entry: AuditEntry): HTMLElement {
  const { at, target, address, via, status } = entry
  const what = element(
    'p',
    {},
    element('strong', {}, doerWords(entry)),
    ` ${deedWords(entry)}`,
    target === undefined ? undefined : `: ${target}`,
  )
  const about = [`from ${address}`, wayWords(via)].filter((text) => text !== undefined).join(' · ')
  const result = element('p', { class: status < 400 ? 'result' : 'result refused' }, resultWords(status))
  const words = element('div', {}, what, element('p', { class: 'about' }, about))
  return element('li', {}, element('time', { datetime: at }, momentOf(at)), words, result)
}
