import { contract, type User } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { confirmed, type Question } from '../dialog.ts'
import { arrange, button, element } from '../element.ts'
import { askToDelete } from './deletion.ts'
import { editUser } from './editing.ts'
import { showLink } from './password-link.ts'
import type { OneUser } from './user-row.ts'

/** What else may be done with a user; unfolds below the row. */
export function userPanel(one: OneUser, context: OwnContext): { node: HTMLElement; show(): void } {
  const { name } = one.user()
  const action = (label: string, busy: string, work: () => Promise<unknown>) => {
    const pressed: HTMLButtonElement = button(label, { 'aria-label': `${label}: ${name}` }, () => {
      void whileBusy(pressed, busy, async () => void (await work().catch(one.complain)))
    })
    return pressed
  }
  const role = roleChoice(one)
  const edit = action('Edit', 'Looking …', () => editUser(one, context))
  const link = action('Password link', 'Making it …', () => linkFor(name, context))
  const act = action('Act as', 'Beginning …', () => actAs(name, context))
  const remove = action('Delete', 'Looking …', () => askToDelete(one, context))
  const node = element(
    'div',
    { class: 'user-panel', role: 'group', 'aria-label': `Manage ${name}` },
    role,
    edit,
    link,
    act,
    remove,
  )
  function show(): void {
    const { active, role: now } = one.user()
    role.value = now
    // Who waits, or is deactivated, has nothing that could be acted on.
    act.hidden = !active
    link.hidden = !active
  }
  return { node, show }
}

async function linkFor(name: string, { api }: OwnContext): Promise<void> {
  showLink(await api.call(contract.resetPassword, { params: { user: name } }))
}

async function actAs(name: string, { api, go }: OwnContext): Promise<void> {
  const text = `You see and do what ${name} could, for an hour. ${name} sees it among the sessions, and it stands in the audit log.`
  if (!(await confirmed({ title: `Act as ${name}?`, text, yes: `Act as ${name}`, isDangerous: false }))) return
  const session = await api.call(contract.actAs, { params: { user: name } })
  go({ screen: 'services' })
  api.adopt(session)
}

function roleChoice(one: OneUser): HTMLSelectElement {
  const { name } = one.user()
  const select = element('select', { 'aria-label': `Role of ${name}` })
  const options = { user: 'User', admin: 'Administrator' }
  arrange(
    select,
    Object.entries(options).map(([value, label]) => element('option', { value }, label)),
  )
  select.addEventListener('change', () => {
    const role = select.value === 'admin' ? 'admin' : 'user'
    void (async () => {
      if (await confirmed(promotion(name, role))) await one.change({ role }).catch(one.complain)
      select.value = one.user().role
    })()
  })
  return select
}

function promotion(name: string, role: User['role']): Question {
  return role === 'admin'
    ? {
        title: `Make ${name} an administrator?`,
        text: 'Administrators may activate, deactivate, promote, delete and act as users. Every session of theirs ends once.',
        yes: 'Make administrator',
      }
    : {
        title: `Take the administrator's role from ${name}?`,
        text: `${name} stays a user. Every session of theirs ends once.`,
        yes: 'Take the role',
        isDangerous: false,
      }
}
