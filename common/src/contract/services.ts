import * as z from 'zod'
import { ServiceName, UserName } from '../names.ts'
import {
  ClusterEvent,
  DeletedObject,
  Launch,
  Launched,
  Service,
  ServiceEvent,
  ServiceLaunch,
  ServicePassword,
  ServiceUpdate,
  SharedService,
  Sharing,
  UpdateResult,
} from '../service.ts'
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
    reply: Launched,
    status: 201,
  }),
  getService: operation('GET', '/api/services/{service}', {
    scope: 'services',
    summary: 'One service',
    params: OneService,
    reply: Service,
  }),
  listServiceEvents: operation('GET', '/api/services/{service}/events', {
    scope: 'services',
    summary: 'What Kubernetes tells of the pods and workloads of a service, the latest first',
    params: OneService,
    reply: z.object({ items: z.array(ClusterEvent) }),
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
  restartService: operation('POST', '/api/services/{service}/restart', {
    scope: 'services',
    summary: 'Let all of a service begin anew, one pod after the other where its workloads can',
    params: OneService,
    reply: Service,
  }),
  keepService: operation('POST', '/api/services/{service}/keep', {
    scope: 'services',
    summary: 'Count a service as used now, where one that nobody uses would be stopped',
    params: OneService,
    reply: Service,
  }),
  getServiceLaunch: operation('GET', '/api/services/{service}/launch', {
    scope: 'services',
    summary: 'How a service was launched',
    params: OneService,
    reply: ServiceLaunch,
  }),
  updateService: operation('POST', '/api/services/{service}/update', {
    scope: 'services',
    summary: 'Change values of a service, and take its template as it is now; taken back by itself where it does not get ready',
    params: OneService,
    body: ServiceUpdate,
    reply: UpdateResult,
  }),
  previewServiceDeletion: operation('GET', '/api/services/{service}/deletion', {
    scope: 'services',
    summary: 'What would go with a service',
    params: OneService,
    reply: pageOf(DeletedObject),
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
