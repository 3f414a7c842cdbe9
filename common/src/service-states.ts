import type { CallOptions, Client } from './client.ts'
import { contract } from './contract.ts'
import { Problem } from './problem.ts'
import type { Service, ServiceEvent, ServiceState } from './service.ts'

/** What a surface knows of the own services. */
export interface ServiceStates {
  services: ReadonlyMap<string, Service>
  /** Whether all of them are known: only then an empty list means that there are none. */
  isComplete: boolean
  /** What the stream told since it was opened: it is fresher than any list. */
  heard: ReadonlySet<string>
}

/** What is heard: the stream was opened, it told something, or the list came that was asked for when it opened. */
export type ServiceNews = { type: 'opened' } | { type: 'listed'; services: Service[] } | ServiceEvent

/** Before anything was heard. */
export const nothingKnown: ServiceStates = { services: new Map(), isComplete: false, heard: new Set() }

/** What is known after some news. The list of a reopened stream takes away what vanished while nobody listened. */
export function hear(states: ServiceStates, news: ServiceNews): ServiceStates {
  const services = new Map(states.services)
  switch (news.type) {
    case 'opened':
      return { ...states, heard: new Set() }
    case 'service':
      services.set(news.service.name, news.service)
      return { ...states, services, heard: new Set(states.heard).add(news.service.name) }
    case 'gone':
      services.delete(news.name)
      return { ...states, services, heard: new Set(states.heard).add(news.name) }
    case 'listed':
      return { ...states, services: merged(states, news.services), isComplete: true }
  }
}

/** The services as they are listed: the latest first. */
export function inOrder({ services }: ServiceStates): Service[] {
  return [...services.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.name.localeCompare(b.name))
}

/** A state in the words people see. */
export const stateWords: Record<ServiceState, string> = {
  Queued: 'Queued',
  Pulling: 'Pulling the image',
  Starting: 'Starting',
  Running: 'Running',
  Failed: 'Failed',
  Stopped: 'Stopped',
  Deleting: 'Deleting',
}

/** How far a service came that is on its way, in words: what is done, and what comes next. Nothing for others. */
export function stepWords({ state, steps = [] }: Pick<Service, 'state' | 'steps'>): string {
  if (state === 'Running' || state === 'Stopped' || state === 'Deleting') return ''
  const done = steps.filter(({ at }) => at !== undefined).map(({ step }) => step)
  const next = steps.find(({ at }) => at === undefined)
  const coming = next && `Next: ${next.step}${next.detail === undefined ? '' : ` (${next.detail})`}.`
  return [...(done.length > 0 ? [`Done: ${done.join(', ')}.`] : []), ...(coming ? [coming] : [])].join(' ')
}

/** Where a service is opened; none while it does not run. */
export function serviceAddress({ state, url }: Pick<Service, 'state' | 'url'>): string | undefined {
  return state === 'Running' ? safeLink(url) : undefined
}

/** An address that may be a link: only https, whoever wrote it. */
export function safeLink(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : undefined
}

/** The service that there is already of a template that runs once per user, where a launch was refused for it; and its address, if it has one. */
export function existingService(refusal: unknown): { name: string; url: string | undefined } | undefined {
  if (!(refusal instanceof Problem) || refusal.status !== 409) return undefined
  const { service, url } = refusal.extra
  return typeof service === 'string' ? { name: service, url: safeLink(url) } : undefined
}

/** All own services, page by page. */
export async function listAllServices({ call }: Pick<Client, 'call'>, options: CallOptions = {}): Promise<Service[]> {
  const all: Service[] = []
  for (let cursor: string | undefined; ; ) {
    const query = { limit: 500, ...(cursor !== undefined && { cursor }) }
    const { items, next } = await call(contract.listServices, { query }, options)
    all.push(...items)
    if (next === undefined) return all
    cursor = next
  }
}

function merged({ services, heard }: ServiceStates, listed: Service[]): Map<string, Service> {
  const fresh = [...services].filter(([name]) => heard.has(name))
  const rest = listed.filter(({ name }) => !heard.has(name)).map((service) => [service.name, service] as const)
  return new Map([...rest, ...fresh])
}
