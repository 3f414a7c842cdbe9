import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { callerOf, credentialOf } from '../http/state.ts'
import type { Logs } from './logs.ts'
import type { PortsOf } from './ports.ts'
import type { Terminals } from './terminals.ts'

export interface InsideRoutePorts {
  logs: Logs
  portsOf: PortsOf
  terminals: Terminals
}

/** What goes on inside the services of whoever calls. */
export function insideRoutes(binder: Binder, { logs, portsOf, terminals }: InsideRoutePorts): void {
  const { bind, bindEvents, bindStream, bindSocket } = binder
  bindEvents(contract.readLogs, ({ params, query }, ctx, signal) => {
    const lastEventId = ctx.get('last-event-id') || undefined
    return logs.events(callerOf(ctx).user, { ...params, query, signal, lastEventId })
  })
  bindStream(contract.downloadLogs, async ({ params, query }, ctx) => {
    const gone = new AbortController()
    ctx.res.once('close', () => gone.abort())
    const stream = await logs.download(callerOf(ctx).user, { ...params, query, signal: gone.signal })
    return { name: `${params.service}.log`, type: 'text/plain; charset=utf-8', stream }
  })
  bind(contract.startExec, ({ params, body }, ctx) => {
    const who = { user: callerOf(ctx).user, credential: credentialOf(ctx) }
    return terminals.ticket(who, params.service, body)
  })
  bindSocket(contract.openExec)
  bind(contract.listPorts, async ({ params }, ctx) => ({ items: await portsOf(callerOf(ctx).user, params.service) }))
}
