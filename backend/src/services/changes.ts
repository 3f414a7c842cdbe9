import type { Service, ServiceEvent } from '@karvdash/common'
import { differences } from '../kubernetes/differences.ts'
import type { Source } from './status/statuses.ts'

interface Watching {
  /** All services as they are now. */
  all: () => Service[]
  signal: AbortSignal
}

/** All services of a namespace, then each one that looks different than before; waits for changes of what they are told from, never polls. */
export async function* changesOf(sources: Source[], namespace: string, { all, signal }: Watching): AsyncGenerator<ServiceEvent> {
  const onChange = (stir: () => void) => {
    const heard = (change: { namespace?: string | undefined }) => {
      if (change.namespace === namespace) stir()
    }
    const endings = sources.map((source) => source.onChange(heard))
    return () => {
      for (const end of endings) end()
    }
  }
  const named = () => all().map((service): [string, Service] => [service.name, service])
  for await (const [name, service] of differences({ all: named, onChange, signal }))
    yield service ? { type: 'service', service } : { type: 'gone', name }
}
