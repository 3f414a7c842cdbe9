import { DomainName, FilePath, namesOf, type Session } from '@karvdash/common'

/** What the page can show; the part of its address after `#`, so that a reload comes back to it. */
export type Route =
  | { screen: 'services' }
  | { screen: 'launch'; template: string }
  | { screen: 'files'; domain: DomainName; path: FilePath }
  | { screen: 'account' }
  | { screen: 'users' }
  | { screen: 'audit' }
  | { screen: 'platform' }
  | { screen: 'sign-up' }
  | { screen: 'password'; code: string }
  | { screen: 'external'; why: string }
  | { screen: 'refused' }
  | { screen: 'connect' }
  | { screen: 'connect-editor'; asked?: EditorAsked }

/** Which editor wants to be signed in: one that opened the browser, or one that shows a code. */
export type EditorAsked = { request: string } | { code: string }

/** The route of an address's hash, for whoever is signed in; what is not known, or not for them, is the start. */
export function parseRoute(hash: string, session: Session | undefined): Route {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?')
  const [screen, ...below] = path.split('/')
  if (screen === 'files' || below.length > 0) return routeBelow(screen, below.map(decoded))
  if (screen === 'account' || screen === 'refused' || screen === 'connect') return { screen }
  if (screen === 'connect-editor') return { screen, ...askedIn(query) }
  if (screen === 'password') return { screen, code: new URLSearchParams(query).get('code') ?? '' }
  if (screen === 'external' && !session) return { screen, why: new URLSearchParams(query).get('why') ?? '' }
  if (screen === 'sign-up' && !session) return { screen }
  if (session && isAdmin(session) && isForAdmins(screen)) return { screen }
  return { screen: 'services' }
}

/** The hash of a route. */
export function hashOf(route: Route): string {
  if (route.screen === 'launch') return `#/launch/${encodeURIComponent(route.template)}`
  if (route.screen === 'files') return `#/files/${[route.domain, ...namesOf(route.path)].map(encodeURIComponent).join('/')}`
  if (route.screen === 'password') return `#/password?${new URLSearchParams({ code: route.code })}`
  if (route.screen === 'external') return `#/external?${new URLSearchParams({ why: route.why })}`
  if (route.screen === 'connect-editor' && route.asked) return `#/connect-editor?${new URLSearchParams(route.asked)}`
  return `#/${route.screen}`
}

/** Whether somebody may see what administrators see; who acts as somebody has no more rights than a tool of theirs. */
export function isAdmin({ user, actor }: Session): boolean {
  return user.role === 'admin' && actor === undefined
}

/**
 * Where to go after signing in: only back to the way into a service, on this very origin.
 * @returns undefined where the address asks for nothing, or for anything else
 */
export function nextTarget(search: string): string | undefined {
  const next = new URLSearchParams(search).get('next')
  return next?.startsWith('/enter?') ? next : undefined
}

/** What is named by more than a screen: a template, or a folder; what names no folder is the root of a domain. */
function routeBelow(screen: string | undefined, [first = '', ...names]: string[]): Route {
  if (screen === 'launch' && first !== '' && names.length === 0) return { screen, template: first }
  if (screen !== 'files') return { screen: 'services' }
  const path = FilePath.safeParse(names.join('/'))
  return { screen, domain: DomainName.catch('local').parse(first), path: path.data ?? FilePath.parse('') }
}

function isForAdmins(screen: string | undefined): screen is 'users' | 'audit' | 'platform' {
  return screen === 'users' || screen === 'audit' || screen === 'platform'
}

function askedIn(query: string): { asked?: EditorAsked } {
  const parameters = new URLSearchParams(query)
  const [request, code] = [parameters.get('request'), parameters.get('code')]
  if (request) return { asked: { request } }
  return code ? { asked: { code } } : {}
}

function splitOnce(text: string, at: string): [string, string?] {
  const index = text.indexOf(at)
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)]
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
