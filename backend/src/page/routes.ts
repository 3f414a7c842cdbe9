import {
  ContainerName,
  DomainName,
  FilePath,
  type LaunchLink,
  LaunchName,
  launchLinkQuery,
  namesOf,
  PodName,
  RepositoryName,
  readLaunchLink,
  ServiceName,
  type Session,
  TemplateId,
} from '@karvdash/common'

/** What the page can show; the part of its address after `#`, so that a reload comes back to it. */
export type Route =
  | { screen: 'services' }
  | { screen: 'launch'; template: string; saved?: string; link?: LaunchLink }
  | { screen: 'service'; service: string; part?: ServicePart; pod?: string; container?: string }
  | { screen: 'templates'; home: TemplateHome }
  | { screen: 'template'; home: TemplateHome; id?: string; from?: string }
  | { screen: 'files'; domain: DomainName; path: FilePath }
  | { screen: 'images'; repository?: string }
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

/** What of a service has a screen of its own. */
export type ServicePart = 'logs' | 'terminal' | 'update'

/** Whose templates: one's own, or those that administrators keep for everybody. */
export type TemplateHome = 'own' | 'platform'

/** Which editor wants to be signed in: one that opened the browser, or one that shows a code. */
export type EditorAsked = { request: string } | { code: string }

/** The route of an address's hash, for whoever is signed in; what is not known, or not for them, is the start. */
export function parseRoute(hash: string, session: Session | undefined): Route {
  const [path = '', query = ''] = splitOnce(hash.replace(/^#\/?/, ''), '?')
  const [screen, ...below] = path.split('/')
  if (screen === 'templates' || screen === 'template') return templateRoute(screen, query, session)
  if (screen === 'files' || below.length > 0) return routeBelow(screen, below.map(decoded), query)
  return routeAlone(screen, query, session)
}

/** What stands for itself. */
function routeAlone(screen: string | undefined, query: string, session: Session | undefined): Route {
  if (screen === 'images') return { screen }
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
  if (route.screen === 'launch') return `#/launch/${encodeURIComponent(route.template)}${queryOf(launchQuery(route))}`
  if (route.screen === 'service') return serviceHash(route)
  if (route.screen === 'templates' || route.screen === 'template') return `#/${route.screen}${queryOf(templateQuery(route))}`
  if (route.screen === 'files') return `#/files/${[route.domain, ...namesOf(route.path)].map(encodeURIComponent).join('/')}`
  if (route.screen === 'images') return `#/images${route.repository === undefined ? '' : `/${route.repository}`}`
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
function routeBelow(screen: string | undefined, [first = '', ...names]: string[], query: string): Route {
  if (screen === 'launch' && first !== '' && names.length === 0) return { screen, template: first, ...filledBy(query) }
  if (screen === 'services') return serviceRoute([first, ...names], query)
  if (screen === 'images') return imagesRoute([first, ...names].join('/'))
  if (screen !== 'files') return { screen: 'services' }
  const path = FilePath.safeParse(names.join('/'))
  return { screen, domain: DomainName.catch('local').parse(first), path: path.data ?? FilePath.parse('') }
}

function serviceRoute([service = '', named, ...more]: string[], query: string): Route {
  if (!ServiceName.safeParse(service).success || more.length > 0) return { screen: 'services' }
  const part = serviceParts.find((one) => one === named)
  if (!part) return { screen: 'service', service }
  const parameters = new URLSearchParams(query)
  const pod = PodName.safeParse(parameters.get('pod')).data
  const container = ContainerName.safeParse(parameters.get('container')).data
  return { screen: 'service', service, part, ...(pod !== undefined && { pod }), ...(container !== undefined && { container }) }
}

function imagesRoute(name: string): Route {
  const repository = RepositoryName.safeParse(name)
  return { screen: 'images', ...(repository.success && { repository: repository.data }) }
}

function serviceHash({ service, part, pod, container }: Extract<Route, { screen: 'service' }>): string {
  const query = { ...(pod !== undefined && { pod }), ...(container !== undefined && { container }) }
  return part === undefined ? `#/services/${service}` : `#/services/${service}/${part}${queryOf(query)}`
}

const serviceParts: ServicePart[] = ['logs', 'terminal', 'update']

function templateRoute(screen: 'templates' | 'template', query: string, session: Session | undefined): Route {
  const parameters = new URLSearchParams(query)
  const home = parameters.get('home') === 'platform' && session && isAdmin(session) ? 'platform' : 'own'
  if (screen === 'templates') return { screen, home }
  const [id, from] = ['id', 'from'].map((name) => TemplateId.safeParse(parameters.get(name)).data)
  return { screen, home, ...(id !== undefined && { id }), ...(from !== undefined && { from }) }
}

function templateQuery({ home, ...route }: Extract<Route, { home: TemplateHome }>): Record<string, string> {
  const { id, from } = { id: undefined, from: undefined, ...route }
  return { ...(home === 'platform' && { home }), ...(id !== undefined && { id }), ...(from !== undefined && { from }) }
}

function filledBy(query: string): { saved?: string; link?: LaunchLink } {
  const parameters = new URLSearchParams(query)
  const { data } = LaunchName.safeParse(parameters.get('saved'))
  if (data !== undefined) return { saved: data }
  const link = readLaunchLink(parameters)
  return link ? { link } : {}
}

function launchQuery({ saved, link }: Extract<Route, { screen: 'launch' }>): Record<string, string> {
  return { ...(saved !== undefined && { saved }), ...(link && launchLinkQuery(link)) }
}

function queryOf(parameters: Record<string, string>): string {
  return Object.keys(parameters).length === 0 ? '' : `?${new URLSearchParams(parameters)}`
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
