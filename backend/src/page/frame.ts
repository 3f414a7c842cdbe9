import { contract, type Session } from '@karvdash/common'
import type { Api } from './api.ts'
import { whileBusy } from './busy.ts'
import { button, element, setText } from './element.ts'
import { sign } from './icons.ts'
import { isAdmin, type Route } from './routes.ts'

/** What stands around every screen. */
export interface Frame {
  main: HTMLElement
  /** Draws the header for whoever is signed in. */
  greet(session: Session | undefined): void
  /** Marks in the navigation where people are. */
  mark(route: Route): void
  announce(text: string): void
  /** Shows what an administrator tells everybody; an empty text is nothing. */
  notice(text: string): void
  connected(isConnected: boolean): void
}

/** Draws the frame into the page. */
export function drawFrame(body: HTMLElement, apiOf: () => Api): Frame {
  const header = element('header', {})
  const main = element('main', { id: 'main' })
  const news = element('div', { class: 'unseen', role: 'status' })
  const banner = element('div', { class: 'banner', role: 'alert' })
  const acting = element('div', {})
  const notice = element('aside', { class: 'told', 'aria-label': 'Notice', hidden: true })
  body.replaceChildren(acting, header, notice, main, news, banner)
  return {
    main,
    greet(session) {
      header.replaceChildren(brand(), ...(session ? [navigation(session), whoIsHere(session, apiOf())] : []))
      acting.replaceChildren(...(session?.actor === undefined ? [] : [actingBanner(session, apiOf())]))
    },
    mark({ screen }) {
      const here = parents[screen] ?? screen
      for (const link of header.querySelectorAll('nav a')) {
        if (link.getAttribute('href') === `#/${here}`) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
    notice(text) {
      notice.hidden = text === ''
      setText(notice, text)
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

/** Where screens belong that are not in the navigation themselves. */
const parents: Partial<Record<Route['screen'], Route['screen']>> = {
  launch: 'services',
  service: 'services',
  templates: 'services',
  template: 'services',
  'connect-editor': 'connect',
}

function brand(): HTMLElement {
  return element('a', { class: 'brand', href: '#/services' }, sign(), 'Karvdash')
}

function navigation(session: Session): HTMLElement {
  const forAdmins = { users: 'Users', audit: 'Audit', platform: 'Platform' }
  const links = {
    services: 'Services',
    files: 'Files',
    images: 'Images',
    connect: 'Connect',
    account: 'Account',
    ...(isAdmin(session) && forAdmins),
  }
  return element(
    'nav',
    { 'aria-label': 'Main' },
    ...Object.entries(links).map(([screen, label]) => element('a', { href: `#/${screen}` }, label)),
  )
}

function whoIsHere({ user, actor }: Session, api: Api): HTMLElement {
  const leave = button('Sign out', { class: 'quiet' }, () => void whileBusy(leave, 'Signing out …', signOut))
  async function signOut(): Promise<void> {
    // Whoever cannot be signed out is signed out already, or the banner says why not.
    const isDone = await api.call(contract.signOut).then(
      () => true,
      () => false,
    )
    if (isDone) api.adopt(undefined)
  }
  const name = element('span', { title: user.email }, user.displayName || user.name)
  // Who acts as somebody stops that first: signing out would look as if both had been signed out.
  return element('div', { class: 'who' }, name, actor === undefined ? leave : undefined)
}

/** Says on every screen who is really there. */
function actingBanner({ user, actor }: Session, api: Api): HTMLElement {
  const stop: HTMLButtonElement = button('Stop', {}, () => void whileBusy(stop, 'Stopping …', back))
  async function back(): Promise<void> {
    // Where it is over already, looking who is here tells so too.
    await api.call(contract.signOut).catch(() => undefined)
    await api.refresh().catch(() => undefined)
  }
  const words = element('p', {}, 'You act as ', element('strong', {}, user.name), '.')
  return element('section', { class: 'acting', 'aria-label': `${actor} acts as ${user.name}` }, words, stop)
}
