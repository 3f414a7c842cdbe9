import type { User } from '@karvdash/common'
import type { OwnContext, Screen } from '../context.ts'
import { element } from '../element.ts'
import { section } from '../section.ts'
import { editorsSection } from './editors.ts'
import { kubectlSection } from './kubectl.ts'
import { passwordSection } from './password.ts'
import { profileSection } from './profile.ts'
import { sessionsSection } from './sessions.ts'
import { tokensSection } from './tokens.ts'

/** Who I am, and all that signs in as me. */
export function accountScreen(context: OwnContext): Screen {
  const { actor, user } = context.session
  const own = [passwordSection, sessionsSection, tokensSection, editorsSection]
  const node = element(
    'div',
    { class: 'narrow' },
    element('h1', { tabindex: -1 }, 'Account'),
    whoIAm(user),
    ...(actor === undefined ? [profileSection(context), ...own.map((draw) => draw(context))] : [leftToThem(user)]),
    kubectlSection(context),
  )
  return { title: 'Account', node }
}

function whoIAm({ name, role, namespace }: User): HTMLElement {
  const facts = Object.entries({
    Username: name,
    Role: role === 'admin' ? 'Administrator' : 'User',
    Namespace: namespace ?? '',
  }).filter(([, value]) => value !== '')
  const rows = facts.map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value)))
  return element('section', { class: 'card', 'aria-label': 'Who I am' }, element('dl', { class: 'facts' }, ...rows))
}

function leftToThem({ name }: User): HTMLElement {
  return section('Only for themselves', `Password, sessions, tokens and editors are for ${name} alone, whoever acts as ${name}.`)
}
