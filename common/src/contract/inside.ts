import * as z from 'zod'
import { ExecRequest, ExecTicket } from '../exec.ts'
import { LogEvent, LogsPart, LogsQuery } from '../logs.ts'
import { ServiceName } from '../names.ts'
import { ServicePort } from '../ports.ts'
import { done, operation, pageOf } from './row.ts'

const OneService = z.strictObject({ service: ServiceName })

/** What goes on inside services. */
export const insideOperations = {
  readLogs: operation('GET', '/api/services/{service}/logs', {
    scope: 'services',
    summary: 'What the programs of a service print, in order of time; Last-Event-ID goes on',
    params: OneService,
    query: LogsQuery,
    reply: LogEvent,
    media: 'events',
  }),
  downloadLogs: operation('GET', '/api/services/{service}/logs/download', {
    scope: 'services',
    summary: 'What the programs of a service printed, as a text',
    params: OneService,
    query: LogsPart,
    reply: z.unknown(),
    media: 'bytes',
  }),
  listPorts: operation('GET', '/api/services/{service}/ports', {
    scope: 'services',
    summary: 'Ports of a service and of its containers',
    params: OneService,
    reply: pageOf(ServicePort),
  }),
  startExec: operation('POST', '/api/services/{service}/exec', {
    scope: 'services',
    summary: 'A ticket by which a program is started in a container, once, within half a minute',
    params: OneService,
    body: ExecRequest,
    reply: ExecTicket,
    status: 201,
  }),
  openExec: operation('GET', '/api/exec', {
    audience: 'anyone',
    summary:
      'A terminal, as a WebSocket of the subprotocols karvdash.exec.v1 and karvdash.ticket.<ticket>: binary frames are what is typed and printed, text frames resize it and tell its end',
    reply: done,
    status: 101,
    media: 'socket',
  }),
}
