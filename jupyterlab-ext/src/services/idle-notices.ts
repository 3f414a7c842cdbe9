import { Notification } from '@jupyterlab/apputils'
import { idleWarning, idleWords, inOrder, type Service, type ServiceStates } from '@karvdash/common'
import type { ServiceStore } from './store.ts'

/** Tells, once of each time, that a service is about to be stopped since nobody uses it; takes that away where it is no more. */
export function followIdle(services: ServiceStore, keep: (service: Service) => unknown): void {
  const told = new Set<string>()
  const shown = new Map<string, string>()
  services.changed.connect((_, states) => {
    const warned = warnedOf(states)
    for (const [warning, notification] of shown) {
      if (warned.has(warning)) continue
      Notification.dismiss(notification)
      shown.delete(warning)
    }
    for (const [warning, service] of warned) {
      if (told.has(warning)) continue
      told.add(warning)
      shown.set(warning, tell(service, keep))
    }
  })
}

function warnedOf(states: ServiceStates): Map<string, Service> {
  return new Map(
    inOrder(states).flatMap((service): [string, Service][] => {
      const warning = idleWarning(service)
      return warning === undefined ? [] : [[warning, service]]
    }),
  )
}

function tell(service: Service, keep: (service: Service) => unknown): string {
  const actions = [{ label: 'Keep running', callback: () => void keep(service) }]
  return Notification.warning(`${service.name}: ${idleWords(service)}`, { autoClose: false, actions })
}
