import type { Session } from '@karvdash/common'

/** What the page can show; the part of its address after `#`, so that a reload comes back to it. */
export type Route =
  | { screen: 'services' }
  | { screen: 'launch'; template: string }
  | { screen: 'account' }
  | { screen: 'users' }
  | { screen: 'sign-up' }
  | { screen: 'refused' }
  | { screen: 'connect' }

/** The route of an address's hash, for whoever is signed in; what is not known, or not for them, is the start. */
export function parseRoute(hash: string, session: Session | undefined): Route {
  const [screen, template, ...more] = hash.replace(/^#\/?/, '').split('/')
  if (screen === 'launch' && template && more.length === 0) return { screen, template: decoded(template) }
  if (template !== undefined) return { screen: 'services' }
  if (screen === 'account' || screen === 'refused' || screen === 'connect') return { screen }
  if (screen === 'sign-up' && !session) return { screen }
  if (screen === 'users' && session?.user.role === 'admin') return { screen }
  return { screen: 'services' }
}

/** The hash of a route. */
export function hashOf(route: Route): string {
  return route.screen === 'launch' ? `#/launch/${encodeURIComponent(route.template)}` : `#/${route.screen}`
}

/**
 * Where to go after signing in: only back to the way into a service, on this very origin.
 * @returns undefined where the address asks for nothing, or for anything else
 */
export function nextTarget(search: string): string | undefined {
  const next = new URLSearchParams(search).get('next')
  return next?.startsWith('/enter?') ? next : undefined
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
