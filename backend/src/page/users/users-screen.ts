import { contract, type User } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, button, element, setText } from '../element.ts'
import { drawField } from '../field.ts'
import { sentenceOf } from '../problems.ts'
import { invite } from './inviting.ts'
import { followLeaving } from './leaving.ts'
import { isMatch, standingOf } from './standing.ts'
import { type UserRow, userRow } from './user-row.ts'

const pageSize = 50

/** All users; the server lists first who waits. */
export function usersScreen(context: OwnContext): Screen {
  const { api, signal } = context
  const rows = new Map<string, UserRow>()
  const waiting = element('p', { class: 'introduction', role: 'status' })
  const list = element('ul', { class: 'users', 'aria-label': 'Users' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', load))
  const search = drawField({ pointer: '/search', label: 'Search', kind: 'text', attributes: { type: 'search', maxlength: 100 } })
  const ask: HTMLButtonElement = button('Invite', {}, () => void invite(context, add))
  let cursor: string | undefined

  function draw(): void {
    const found = [...rows.values()].filter((row) => isMatch(row.user(), search.text()))
    arrange(list, found.length > 0 ? found.map(({ node }) => node) : [nobody(search.text())])
    setText(waiting, waitingWords([...rows.values()].filter((row) => standingOf(row.user()) === 'waiting').length))
  }
  const follow = followLeaving(context, {
    leaving: () => [...rows.values()].map((row) => row.user()).filter(({ leaving }) => leaving),
    remove(name) {
      rows.delete(name)
      draw()
    },
  })
  function add(user: User): void {
    // Whoever was activated since stands in the list already.
    if (!rows.has(user.name)) rows.set(user.name, userRow(user, context, changed))
    changed(user)
  }
  function changed({ leaving }: User): void {
    draw()
    if (leaving) follow()
  }
  async function load(): Promise<void> {
    setText(failed, '')
    try {
      const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) }
      const { items, next } = await api.call(contract.listUsers, { query }, { signal })
      items.forEach(add)
      cursor = next
    } catch (failure) {
      cursor = undefined
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    }
    more.hidden = cursor === undefined
  }
  search.control.addEventListener('input', async () => {
    draw()
    // Who is looked for may be further down.
    while (cursor !== undefined && search.text() !== '' && !signal.aborted) await load()
  })
  void load()
  const tools = element('div', { class: 'tools' }, search.node, ask)
  const heading = element('h1', { tabindex: -1 }, 'Users')
  return { title: 'Users', node: element('div', {}, heading, waiting, tools, list, failed, more) }
}

function nobody(search: string): HTMLElement {
  return element('li', { class: 'empty' }, search.trim() === '' ? 'Loading …' : 'Nobody is found.')
}

function waitingWords(count: number): string {
  if (count === 0) return 'Nobody waits to be activated.'
  return count === 1 ? '1 user waits to be activated.' : `${count} users wait to be activated.`
}
