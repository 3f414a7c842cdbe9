import { contract, type User } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed, type Question } from '../dialog.ts'
import { arrange, button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { dayOf } from '../times.ts'

type Standing = 'waiting' | 'active' | 'deactivated'

/** Where a user stands; whoever was active once has a namespace. */
export function standingOf({ active, namespace }: Pick<User, 'active' | 'namespace'>): Standing {
  if (active) return 'active'
  return namespace === undefined ? 'waiting' : 'deactivated'
}

const standingWords: Record<Standing, string> = {
  waiting: 'Waiting',
  active: 'Active',
  deactivated: 'Deactivated',
}

/** Draws a user as an administrator sees one. */
export function userRow(first: User, context: OwnContext, onChange: (user: User) => void): HTMLElement {
  const { api, session, announce } = context
  const { name } = first
  let user = first
  const state = element('span', { class: 'state' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const about = [first.displayName, first.email, `since ${dayOf(first.createdAt)}`].filter((text) => text !== '').join(' · ')
  const words = element('div', { class: 'user-words' }, element('h3', {}, name), element('p', { class: 'about' }, about), failed)
  const role = roleChoice(name)
  const toggle = button('', {}, () => void changeActivity())
  const isMe = session.user.name === name
  const actions = element(
    'div',
    { class: 'user-actions' },
    ...(isMe ? [element('span', { class: 'about' }, 'You')] : [role, toggle]),
  )
  const node = element('li', { class: 'user', 'data-user': name }, words, state, actions)

  function show(): void {
    const standing = standingOf(user)
    const verb = user.active ? 'Deactivate' : 'Activate'
    node.dataset['state'] = standing
    setText(state, standingWords[standing])
    setText(toggle, verb)
    toggle.setAttribute('aria-label', `${verb} ${name}`)
    toggle.className = user.active ? 'quiet' : 'primary'
    role.value = user.role
  }
  async function change(body: { active?: boolean; role?: User['role'] }): Promise<void> {
    setText(failed, '')
    try {
      user = await api.call(contract.changeUser, { params: { user: name }, body })
      onChange(user)
      announce(`${name}: ${standingWords[standingOf(user)]}`)
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    } finally {
      show()
    }
  }
  async function changeActivity(): Promise<void> {
    if (user.active && !(await confirmed(deactivation(name)))) return
    const active = !user.active
    await whileBusy(toggle, active ? 'Activating …' : 'Deactivating …', () => change({ active }))
  }
  role.addEventListener('change', () => {
    const wanted = role.value === 'admin' ? 'admin' : 'user'
    void confirmed(promotion(name, wanted)).then((isSure) => (isSure ? change({ role: wanted }) : show()))
  })
  show()
  return node
}

function roleChoice(name: string): HTMLSelectElement {
  const select = element('select', { 'aria-label': `Role of ${name}` })
  const options = { user: 'User', admin: 'Administrator' }
  arrange(
    select,
    Object.entries(options).map(([value, label]) => element('option', { value }, label)),
  )
  return select
}

function deactivation(name: string): Question {
  const text =
    'Page, editors, tokens, terminals and services are shut within seconds. The files stay, and activating again brings all back.'
  return { title: `Deactivate ${name}?`, text, yes: 'Deactivate' }
}

function promotion(name: string, role: User['role']): Question {
  return role === 'admin'
    ? {
        title: `Make ${name} an administrator?`,
        text: 'Administrators may activate, deactivate and promote users.',
        yes: 'Make administrator',
      }
    : {
        title: `Take the administrator's role from ${name}?`,
        text: `${name} stays a user.`,
        yes: 'Take the role',
        isDangerous: false,
      }
}
