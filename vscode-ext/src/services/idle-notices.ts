import { contract, idleWarning, idleWords, type Service } from '@karvdash/common'
import { window } from 'vscode'
import { sentenceOf } from '../words.ts'
import type { ServicePorts } from './choice.ts'

const keep = 'Keep Running'

/** Tells, once of each time, that a service is about to be stopped since nobody uses it; gives the function that ends it. */
export function followIdle(ports: ServicePorts): () => void {
  const told = new Set<string>()
  return ports.store.onChange(() => {
    for (const service of ports.store.services()) {
      const warning = idleWarning(service)
      if (warning === undefined || told.has(warning)) continue
      told.add(warning)
      void tell(ports, service)
    }
  })
}

async function tell({ connection, store }: ServicePorts, service: Service): Promise<void> {
  if ((await window.showWarningMessage(`${service.name}: ${idleWords(service)}`, keep)) !== keep) return
  try {
    const now = await connection.with(({ client }) => client.call(contract.keepService, { params: { service: service.name } }))
    store.tell({ type: 'service', service: now })
  } catch (failure) {
    void window.showErrorMessage(sentenceOf(failure))
  }
}
