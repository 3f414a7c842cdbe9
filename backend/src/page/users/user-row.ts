import { contract, type User, type UserChange } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed, type Question } from '../dialog.ts'
import { button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { dayOf } from '../times.ts'
import { standingOf, standingWords } from './standing.ts'
import { userPanel } from './user-panel.ts'

/** A user as an administrator sees one. */
export interface UserRow {
  node: HTMLElement
  user(): User
}

/** What the parts of a row do with its user. */
export interface OneUser {
  user(): User
  change(body: UserChange): Promise<void>
  /** Takes what the server says of the user now. */
  take(user: User): void
  complain(failure: unknown): void
}

/** Draws a user. */
export function userRow(first: User, context: OwnContext, onChange: (user: User) => void): UserRow {
  const { name } = first
  let user = first
  const face = drawFace(name)
  const one: OneUser = { user: () => user, change, take, complain: face.complain }
  const panel = userPanel(one, context)
  const { manage, fold } = unfolding(name, panel.node)
  const toggle = button('', {}, () => void changeActivity())
  const isMe = context.session.user.name === name
  const you = element('span', { class: 'about' }, 'You')
  const actions = element('div', { class: 'user-actions' }, ...(isMe ? [you] : [toggle, manage]))
  const node = element('li', { class: 'user', 'data-user': name }, face.words, face.state, actions, panel.node)

  function show(): void {
    const standing = standingOf(user)
    const verb = user.active ? 'Deactivate' : 'Activate'
    node.dataset['state'] = standing
    face.show(user)
    setText(toggle, verb)
    toggle.setAttribute('aria-label', `${verb} ${name}`)
    toggle.className = user.active ? 'quiet' : 'primary'
    actions.hidden = standing === 'leaving'
    if (standing === 'leaving') fold()
    panel.show()
  }
  function take(next: User): void {
    user = next
    show()
    onChange(user)
    context.announce(`${name}: ${standingWords[standingOf(user)]}`)
  }
  async function change(body: UserChange): Promise<void> {
    face.complain(undefined)
    take(await context.api.call(contract.changeUser, { params: { user: name }, body }))
  }
  async function changeActivity(): Promise<void> {
    if (user.active && !(await confirmed(deactivation(name)))) return
    const active = !user.active
    await whileBusy(toggle, active ? 'Activating …' : 'Deactivating …', () => change({ active }).catch(face.complain))
    show()
  }
  show()
  return { node, user: () => user }
}

/** Who it is, and where they stand. */
function drawFace(name: string) {
  const state = element('span', { class: 'state' })
  const failed = element('p', { class: 'error', role: 'alert' })
  const about = element('p', { class: 'about' })
  const words = element('div', { class: 'user-words' }, element('h2', { class: 'name' }, name), about, failed)
  return {
    state,
    words,
    complain: (failure: unknown) => setText(failed, failure === undefined ? '' : sentenceOf(failure)),
    show(user: User) {
      const role = user.role === 'admin' ? 'administrator' : ''
      const facts = [user.displayName, user.email, role, `since ${dayOf(user.createdAt)}`]
      setText(about, facts.filter((text) => text !== '').join(' · '))
      setText(state, standingWords[standingOf(user)])
    },
  }
}

let drawnPanels = 0

/** A button that shows what is folded away below a row, and hides it again. */
function unfolding(name: string, panel: HTMLElement) {
  panel.id = `user-panel-${++drawnPanels}`
  const manage = button('Manage', { 'aria-controls': panel.id, 'aria-label': `Manage ${name}` }, () =>
    unfold(panel.hidden === true),
  )
  function unfold(isOpen: boolean): void {
    panel.hidden = !isOpen
    manage.setAttribute('aria-expanded', String(isOpen))
  }
  unfold(false)
  return { manage, fold: () => unfold(false) }
}

function deactivation(name: string): Question {
  const text =
    'Page, editors, tokens, terminals and services are shut within seconds. The files stay, and activating again brings all back.'
  return { title: `Deactivate ${name}?`, text, yes: 'Deactivate' }
}
