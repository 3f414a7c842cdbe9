import type { Service } from './service.ts'
import { safeLink, serviceAddress } from './service-states.ts'

/** What people do with a service. */
export type ServiceAct =
  | 'open'
  | 'copy-address'
  | 'stop'
  | 'resume'
  | 'restart'
  | 'keep'
  | 'update'
  | 'logs'
  | 'terminal'
  | 'delete'

type Standing = Pick<Service, 'state' | 'cause' | 'url' | 'idle'>

const possible: Record<ServiceAct, (service: Standing) => boolean> = {
  open: (service) => serviceAddress(service) !== undefined,
  'copy-address': ({ url }) => safeLink(url) !== undefined,
  stop: ({ state }) => state !== 'Stopped' && state !== 'Deleting',
  resume: (service) => service.state === 'Stopped' && !isFinished(service),
  // What ran to its end is stopped, and begins anew; what people stopped goes on.
  restart: (service) => isFinished(service) || (service.state !== 'Stopped' && service.state !== 'Deleting'),
  keep: ({ state, idle }) => idle !== undefined && state !== 'Stopped' && state !== 'Deleting',
  update: ({ state }) => state !== 'Deleting',
  logs: () => true,
  terminal: ({ state }) => state === 'Running' || state === 'Starting' || state === 'Failed',
  delete: ({ state }) => state !== 'Deleting',
}

/** Whether something may be done with a service as it stands; surfaces offer nothing else. */
export function mayDo(act: ServiceAct, service: Standing): boolean {
  return possible[act](service)
}

function isFinished({ state, cause }: Standing): boolean {
  return state === 'Stopped' && cause === 'finished'
}
