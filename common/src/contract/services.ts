import * as z from 'zod'
import { ServiceName, UserName } from '../names.ts'
import { Launch, Service, ServiceEvent, ServicePassword, SharedService, Sharing } from '../service.ts'
import { done, operation, Page, pageOf } from './row.ts'

const OneService = z.strictObject({ service: ServiceName })
const OneShare = z.strictObject({ service: ServiceName, user: UserName })

/** Services. */
export const servicesOperations = {
  listServices: operation('GET', '/api/services', {
    scope: 'services',
    summary: 'Own services',
    query: Page,
    reply: pageOf(Service),
  }),
  watchServices: operation('GET', '/api/services/events', {
    scope: 'services',
    summary: 'What changes among the own services: first all of them, then each change',
    reply: ServiceEvent,
    media: 'events',
  }),
  launchService: operation('POST', '/api/services', {
    scope: 'services',
    summary: 'Launch a service',
    body: Launch,
    reply: Service,
    status: 201,
  }),
  getService: operation('GET', '/api/services/{service}', {
    scope: 'services',
    summary: 'One service',
    params: OneService,
    reply: Service,
  }),
  getServicePassword: operation('GET', '/api/services/{service}/password', {
    scope: 'services',
    summary: 'The name and the password by which a service is entered that the gate does not stand before',
    params: OneService,
    reply: ServicePassword,
  }),
  stopService: operation('POST', '/api/services/{service}/stop', {
    scope: 'services',
    summary: 'Stop a service: what runs of it ends, its volumes, passwords and address stay',
    params: OneService,
    reply: Service,
  }),
  resumeService: operation('POST', '/api/services/{service}/resume', {
    scope: 'services',
    summary: 'Let a service go on that was stopped, or try again one that failed and was stopped',
    params: OneService,
    reply: Service,
  }),
  deleteService: operation('DELETE', '/api/services/{service}', {
    scope: 'services',
    summary: 'Delete a service and every object of it; files in domains stay',
    params: OneService,
    reply: done,
    status: 204,
  }),
  shareService: operation('PUT', '/api/services/{service}/shares/{user}', {
    scope: 'services',
    summary: 'Let another user enter a service',
    params: OneShare,
    body: Sharing,
    reply: Service,
  }),
  unshareService: operation('DELETE', '/api/services/{service}/shares/{user}', {
    scope: 'services',
    summary: 'Let another user no longer enter a service',
    params: OneShare,
    reply: Service,
  }),
  listShared: operation('GET', '/api/shared', {
    scope: 'services',
    summary: 'Services of others that the caller may enter',
    reply: pageOf(SharedService),
  }),
  leaveShared: operation('DELETE', '/api/shared/{user}/{service}', {
    scope: 'services',
    summary: "Give up entering another user's service",
    params: OneShare,
    reply: done,
    status: 204,
  }),
}
