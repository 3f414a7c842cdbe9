import type { Service, ServiceEvent } from '@karvdash/common'
import type { ServiceCaches } from './services.ts'

interface Watching {
  /** All services as they are now. */
  all: () => Service[]
  signal: AbortSignal
}

/** All services of a namespace, then each one that looks different than before; waits for changes of the caches, never polls. */
export async function* changesOf(
  caches: ServiceCaches,
  namespace: string,
  { all, signal }: Watching,
): AsyncGenerator<ServiceEvent> {
  const told = new Map<string, string>()
  let wake: () => void = () => undefined
  let isDirty = true
  const stir = (change: { namespace: string | undefined }) => {
    if (change.namespace !== namespace) return
    isDirty = true
    wake()
  }
  const endings = [caches.records, caches.pods, caches.deployments].map((cache) => cache.onChange(stir))
  signal.addEventListener('abort', () => wake(), { once: true })
  try {
    while (!signal.aborted) {
      isDirty = false
      yield* differences(all(), told)
      if (!isDirty && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    for (const end of endings) end()
  }
}

function* differences(services: Service[], told: Map<string, string>): Generator<ServiceEvent> {
  const present = new Set(services.map(({ name }) => name))
  for (const name of told.keys()) {
    if (present.has(name)) continue
    told.delete(name)
    yield { type: 'gone', name }
  }
  for (const service of services) {
    const text = JSON.stringify(service)
    if (told.get(service.name) === text) continue
    told.set(service.name, text)
    yield { type: 'service', service }
  }
}
