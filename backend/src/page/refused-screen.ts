import type { Screen } from './context.ts'
import { element } from './element.ts'

/** What people see who opened the address of somebody else's service. */
export function refusedScreen(): Screen {
  const node = element(
    'div',
    { class: 'card door' },
    element('h1', { tabindex: -1 }, 'Not your service'),
    element(
      'p',
      {},
      'This service belongs to somebody else, who alone may enter. What you both need can lie in /shared; and you can launch one of your own.',
    ),
    element('p', { class: 'door-other' }, element('a', { href: '#/services', class: 'button' }, 'Your services')),
  )
  return { title: 'Not your service', node }
}
