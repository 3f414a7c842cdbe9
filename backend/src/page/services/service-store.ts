import {
  contract,
  hear,
  listAllServices,
  nothingKnown,
  pathOf,
  ServiceEvent,
  type ServiceNews,
  type ServiceStates,
} from '@karvdash/common'
import type { Api } from '../api.ts'

/** The own services, live for as long as somebody is signed in. */
export interface ServiceStore {
  states(): ServiceStates
  /** Calls back now, and on each change until the signal ends it. */
  follow(onChange: (states: ServiceStates) => void, signal: AbortSignal): void
  tell(news: ServiceNews): void
}

const patienceMs = 2000

/** Opens the stream of services, and keeps it open until the signal ends it. */
export function openServiceStore(api: Api, signal: AbortSignal): ServiceStore {
  let states = nothingKnown
  const followers = new Set<(states: ServiceStates) => void>()
  function tell(news: ServiceNews): void {
    states = hear(states, news)
    for (const follower of followers) follower(states)
  }
  listen({ api, tell, signal })
  return {
    states: () => states,
    tell,
    follow(onChange, until) {
      if (until.aborted) return
      followers.add(onChange)
      until.addEventListener('abort', () => followers.delete(onChange))
      onChange(states)
    },
  }
}

interface Listening {
  api: Api
  tell: (news: ServiceNews) => void
  signal: AbortSignal
}

function listen(listening: Listening): void {
  const { api, tell, signal } = listening
  if (signal.aborted) return
  const source = new EventSource(pathOf(contract.watchServices))
  let alarm: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => source.close())
  source.addEventListener('open', () => {
    clearTimeout(alarm)
    api.connected(true)
    tell({ type: 'opened' })
    void listAllServices(api, { signal }).then((services) => tell({ type: 'listed', services }), ignore)
  })
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = ServiceEvent.safeParse(JSON.parse(data))
    if (event.success) tell(event.data)
  })
  source.addEventListener('error', () => {
    clearTimeout(alarm)
    if (signal.aborted) return
    // The browser connects again by itself, unless the server refused: then either nobody is signed in any more, or it is away.
    if (source.readyState !== EventSource.CLOSED) alarm = setTimeout(() => api.connected(false), patienceMs)
    else void api.refresh().then(() => setTimeout(() => listen(listening), patienceMs), ignore)
  })
}

/** Whoever lost the connection hears of it from the banner. */
function ignore(): void {}
