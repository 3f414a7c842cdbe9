import { contract, type User } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext, Screen } from '../context.ts'
import { button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { standingOf, userRow } from './user-row.ts'

const pageSize = 50

/** All users; the server lists first who waits. */
export function usersScreen(context: OwnContext): Screen {
  const { api, signal } = context
  const known = new Map<string, User>()
  const waiting = element('p', { class: 'introduction', role: 'status' })
  const list = element('ul', { class: 'users', 'aria-label': 'Users' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const more = button('Show more', { hidden: true }, () => void whileBusy(more, 'Loading …', load))
  let cursor: string | undefined

  function count(user: User): void {
    known.set(user.name, user)
    setText(waiting, waitingWords([...known.values()].filter((one) => standingOf(one) === 'waiting').length))
  }
  async function load(): Promise<void> {
    setText(failed, '')
    try {
      const query = { limit: pageSize, ...(cursor !== undefined && { cursor }) }
      const { items, next } = await api.call(contract.listUsers, { query }, { signal })
      // Whoever was activated since stands in the list already.
      for (const user of items.filter(({ name }) => !known.has(name))) {
        count(user)
        list.append(userRow(user, context, count))
      }
      cursor = next
      more.hidden = next === undefined
    } catch (failure) {
      if (!signal.aborted) setText(failed, sentenceOf(failure))
    }
  }
  void load()
  return { title: 'Users', node: element('div', {}, element('h1', { tabindex: -1 }, 'Users'), waiting, list, failed, more) }
}

function waitingWords(count: number): string {
  if (count === 0) return 'Nobody waits to be activated.'
  return count === 1 ? '1 user waits to be activated.' : `${count} users wait to be activated.`
}
