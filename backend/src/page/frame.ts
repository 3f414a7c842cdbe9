import { contract, type Session } from '@karvdash/common'
import type { Api } from './api.ts'
import { whileBusy } from './busy.ts'
import { button, element } from './element.ts'
import { sign } from './icons.ts'
import type { Route } from './routes.ts'

/** What stands around every screen. */
export interface Frame {
  main: HTMLElement
  /** Draws the header for whoever is signed in. */
  greet(session: Session | undefined): void
  /** Marks in the navigation where people are. */
  mark(route: Route): void
  announce(text: string): void
  connected(isConnected: boolean): void
}

/** Draws the frame into the page. */
export function drawFrame(body: HTMLElement, apiOf: () => Api): Frame {
  const header = element('header', {})
  const main = element('main', { id: 'main' })
  const news = element('div', { class: 'unseen', role: 'status' })
  const banner = element('div', { class: 'banner', role: 'alert' })
  body.replaceChildren(header, main, news, banner)
  return {
    main,
    greet: (session) => header.replaceChildren(brand(), ...(session ? [navigation(session), whoIsHere(session, apiOf())] : [])),
    mark({ screen }) {
      const here = screen === 'launch' ? 'services' : screen
      for (const link of header.querySelectorAll('nav a')) {
        if (link.getAttribute('href') === `#/${here}`) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
    announce: (text) => news.replaceChildren(text),
    connected(isConnected) {
      if (isConnected === (banner.childElementCount === 0)) return
      banner.replaceChildren(
        ...(isConnected ? [] : [element('p', {}, 'Karvdash cannot be reached at the moment. Trying again …')]),
      )
    },
  }
}

function brand(): HTMLElement {
  return element('a', { class: 'brand', href: '#/services' }, sign(), 'Karvdash')
}

function navigation({ user }: Session): HTMLElement {
  const links = { services: 'Services', connect: 'Connect', account: 'Account', ...(user.role === 'admin' && { users: 'Users' }) }
  return element(
    'nav',
    { 'aria-label': 'Main' },
    ...Object.entries(links).map(([screen, label]) => element('a', { href: `#/${screen}` }, label)),
  )
}

function whoIsHere({ user }: Session, api: Api): HTMLElement {
  const leave = button('Sign out', { class: 'quiet' }, () => void whileBusy(leave, 'Signing out …', signOut))
  async function signOut(): Promise<void> {
    // Whoever cannot be signed out is signed out already, or the banner says why not.
    const isDone = await api.call(contract.signOut).then(
      () => true,
      () => false,
    )
    if (isDone) api.adopt(undefined)
  }
  return element('div', { class: 'who' }, element('span', { title: user.email }, user.displayName || user.name), leave)
}
