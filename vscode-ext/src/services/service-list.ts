import type { Service, ServiceEvent, ServiceState } from '@karvdash/common'

/** What is known of the own services. */
export interface ServiceList {
  services: ReadonlyMap<string, Service>
  /** Whether all of them are known: only then an empty list means that there are none. */
  isComplete: boolean
  /** What the stream told since it was opened: it is fresher than any list. */
  heard: ReadonlySet<string>
}

/** What is heard: the stream was opened, it told something, or the list came that was asked for when it opened. */
export type ServiceNews = { type: 'opened' } | { type: 'listed'; services: Service[] } | ServiceEvent

/** Before anything was heard. */
export const nothingKnown: ServiceList = { services: new Map(), isComplete: false, heard: new Set() }

/** What is known after some news. The list takes away what vanished while nobody listened. */
export function hear(known: ServiceList, news: ServiceNews): ServiceList {
  const { services, heard } = known
  switch (news.type) {
    case 'opened':
      return { ...known, heard: new Set() }
    case 'service':
      return {
        ...known,
        services: new Map(services).set(news.service.name, news.service),
        heard: new Set(heard).add(news.service.name),
      }
    case 'gone':
      return { ...known, services: without(services, news.name), heard: new Set(heard).add(news.name) }
    case 'listed': {
      const listed = news.services.filter(({ name }) => !heard.has(name)).map((service) => [service.name, service] as const)
      return { heard, isComplete: true, services: new Map([...listed, ...[...services].filter(([name]) => heard.has(name))]) }
    }
  }
}

/** The services as they are shown: the latest first. */
export function inOrder({ services }: ServiceList): Service[] {
  return [...services.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.name.localeCompare(b.name))
}

/** A state in the words people see, and its icon (with the colour of the theme). */
export const stateLooks: Record<ServiceState, { words: string; icon: string; color?: string }> = {
  Queued: { words: 'Queued', icon: 'clock' },
  Pulling: { words: 'Pulling the image', icon: 'cloud-download' },
  Starting: { words: 'Starting', icon: 'loading~spin' },
  Running: { words: 'Running', icon: 'pass-filled', color: 'testing.iconPassed' },
  Failed: { words: 'Failed', icon: 'error', color: 'testing.iconFailed' },
  Stopped: { words: 'Stopped', icon: 'debug-pause' },
  Deleting: { words: 'Deleting', icon: 'trash' },
}

function without(services: ReadonlyMap<string, Service>, name: string): Map<string, Service> {
  const rest = new Map(services)
  rest.delete(name)
  return rest
}
