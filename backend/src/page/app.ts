import { type Session, stateWords } from '@karvdash/common'
import { accountScreen } from './account/account-screen.ts'
import { createApi } from './api.ts'
import { auditScreen } from './audit/audit-screen.ts'
import { connectScreen } from './connect-screen.ts'
import type { OwnContext, Screen, ScreenContext } from './context.ts'
import { connectEditorScreen } from './editors/connect-editor-screen.ts'
import { element } from './element.ts'
import { refusalWords, takeReturn } from './external.ts'
import { filesScreen } from './files/files-screen.ts'
import { openUploads, type Uploads } from './files/uploads.ts'
import { drawFrame } from './frame.ts'
import { type ImageUploads, openImageUploads } from './images/image-uploads.ts'
import { imagesScreen } from './images/images-screen.ts'
import { repositoryScreen } from './images/repository-screen.ts'
import { launchScreen } from './launch/launch-screen.ts'
import { followNotice } from './notice.ts'
import { passwordScreen } from './password-screen.ts'
import { platformScreen } from './platform/platform-screen.ts'
import { sentenceOf } from './problems.ts'
import { refusedScreen } from './refused-screen.ts'
import { hashOf, nextTarget, parseRoute, type Route } from './routes.ts'
import { serviceScreen } from './services/detail/service-screen.ts'
import { openServiceStore, type ServiceStore } from './services/service-store.ts'
import { servicesScreen } from './services/services-screen.ts'
import { signInScreen } from './sign-in.ts'
import { signUpScreen } from './sign-up.ts'
import { templateScreen } from './templates/template-screen.ts'
import { templatesScreen } from './templates/templates-screen.ts'
import { usersScreen } from './users/users-screen.ts'

/** Starts the page: who is signed in decides what it shows, the address which screen. */
export function startApp(body: HTMLElement): void {
  const frame = drawFrame(body, () => api)
  const api = createApi({ onSession: begin, onProfile: frame.greet, onConnection: frame.connected })
  let stay = new AbortController()
  let visit = new AbortController()
  let services: ServiceStore | undefined
  let queues: { uploads: Uploads; imageUploads: ImageUploads } | undefined
  let reason: string | undefined

  /** Somebody comes, or leaves. */
  function begin(session: Session | undefined): void {
    const next = session && nextTarget(location.search)
    if (next !== undefined) {
      location.replace(next)
      return
    }
    const back = session && takeReturn()
    if (back !== undefined && location.hash.length < 3) location.replace(back)
    reason = services && !session ? 'You are signed out. Sign in to go on.' : undefined
    stay.abort()
    stay = new AbortController()
    services = session && openServiceStore(api, stay.signal)
    queues = session && { uploads: openUploads(api, stay.signal), imageUploads: openImageUploads(api, stay.signal) }
    if (services) tellStates(services, frame.announce, stay.signal)
    frame.greet(session)
    show()
  }
  function show(): void {
    visit.abort()
    visit = new AbortController()
    const session = api.session()
    const route = parseRoute(location.hash, session)
    const context = { api, signal: visit.signal, go, announce: frame.announce }
    const { title, node } =
      session && services && queues ? own(route, { ...context, ...queues, session, services }) : door(route, context, reason)
    document.title = `${title} · Karvdash`
    frame.mark(route)
    frame.main.replaceChildren(node)
    focusOn(node)
  }
  function go(route: Route): void {
    location.hash = hashOf(route)
  }
  window.addEventListener('hashchange', show)
  followNotice(api, frame.notice)
  api.refresh().then(
    (session) => session ?? begin(undefined),
    (failure: unknown) => frame.main.replaceChildren(element('p', { class: 'empty', role: 'alert' }, sentenceOf(failure))),
  )
}

/** The screens of whoever is signed in. */
function own(route: Route, context: OwnContext): Screen {
  if (route.screen === 'launch') return launchScreen(route, context)
  if (route.screen === 'service') return serviceScreen(route, context)
  if (route.screen === 'templates') return templatesScreen(route.home, context)
  if (route.screen === 'template') return templateScreen(route, context)
  if (route.screen === 'files') return filesScreen(route, context)
  if (route.screen === 'images') return imagesOr(route, context)
  if (route.screen === 'account') return accountScreen(context)
  if (route.screen === 'users') return usersScreen(context)
  if (route.screen === 'audit') return auditScreen(context)
  if (route.screen === 'platform') return platformScreen(context)
  if (route.screen === 'refused') return refusedScreen()
  if (route.screen === 'connect') return connectScreen(context)
  if (route.screen === 'connect-editor') return connectEditorScreen(route.asked, context)
  if (route.screen === 'password') return passwordScreen(route.code, context)
  return servicesScreen(context)
}

function imagesOr({ repository }: Extract<Route, { screen: 'images' }>, context: OwnContext): Screen {
  return repository === undefined ? imagesScreen(context) : repositoryScreen(repository, context)
}

/** The screens of everybody else. */
function door(route: Route, context: ScreenContext, reason: string | undefined): Screen {
  if (route.screen === 'sign-up') return signUpScreen(context)
  if (route.screen === 'password') return passwordScreen(route.code, context)
  if (route.screen === 'external') return signInScreen(context, refusalWords(route.why))
  // The address stays as it is: whoever has signed in is at the editor's request again.
  const editor = route.screen === 'connect-editor' ? 'Sign in to connect your editor.' : undefined
  return signInScreen(context, editor ?? reason)
}

/** A new screen begins at its heading, or at the first field where typing is all there is to do. */
function focusOn(node: HTMLElement): void {
  const start = node.querySelector<HTMLElement>('[autofocus]') ?? node.querySelector('h1')
  start?.focus()
}

/** Says each change of a service's state to people who do not see the page. */
function tellStates(services: ServiceStore, announce: (text: string) => void, signal: AbortSignal): void {
  const told = new Map<string, string>()
  services.follow((states) => {
    for (const { name, state } of states.services.values()) {
      if (told.has(name) && told.get(name) !== state) announce(`${name}: ${stateWords[state]}`)
      told.set(name, state)
    }
  }, signal)
}
