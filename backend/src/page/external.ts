import { contract } from '@karvdash/common'
import type { ScreenContext } from './context.ts'
import { element } from './element.ts'
import { nextTarget } from './routes.ts'

/** Why somebody whom the institute's provider vouches for was not let in, by the word that the server gives. */
const refusals: Record<string, string> = {
  name: 'Your name at the institute cannot be a username here. Ask an administrator to invite you.',
  taken: 'There is a user of your name who is not linked to you. Ask an administrator to link you.',
  inactive: 'You are known now. Wait: an administrator activates you.',
}
const place = 'karvdash-return'

/** A refusal in words; an unknown one is none that could be explained. */
export function refusalWords(why: string): string {
  return (Object.hasOwn(refusals, why) && refusals[why]) || 'The institute could not sign you in. Try again.'
}

/** The way to sign in at the institute, where there is one; nothing otherwise. */
export function externalSignIn({ api, signal }: ScreenContext): HTMLElement {
  const node = element('div', { class: 'external' })
  // Whoever cannot be told of another way signs in with a password.
  api.call(contract.getSignInOptions, {}, { signal }).then(
    ({ external }) => external && node.append(link(external.label)),
    () => undefined,
  )
  return node
}

/** Where somebody was going who signed in at the institute: the address they come back to does not say. */
export function takeReturn(): string | undefined {
  const hash = sessionStorage.getItem(place)
  sessionStorage.removeItem(place)
  return hash?.startsWith('#/') ? hash : undefined
}

function link(label: string): HTMLElement {
  const next = nextTarget(location.search)
  const query = next === undefined ? '' : `?${new URLSearchParams({ next })}`
  const node = element('a', { href: `/sign-in/external${query}`, class: 'button' }, label)
  node.addEventListener('click', () => sessionStorage.setItem(place, location.hash))
  return node
}
