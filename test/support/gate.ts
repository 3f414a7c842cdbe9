import { type Cluster, domain } from './cluster.ts'
import type { Person } from './people.ts'
import { type Answer, send } from './send.ts'

/** A request to a service, as the ingress controller shows it to the gate. */
export interface Shown {
  host: string
  path?: string
  method?: string
  headers?: Record<string, string>
}

/** Shows a request to the gate. */
export function askGate(backend: { url: string }, { host, path = '/', method = 'GET', headers = {} }: Shown): Promise<Answer> {
  const forwarded = {
    'x-forwarded-host': host,
    'x-forwarded-uri': path,
    'x-forwarded-method': method,
    'x-forwarded-proto': 'https',
  }
  return send(`${backend.url}/gate`, { headers: { 'x-forwarded-for': '192.0.2.251', ...forwarded, ...headers } })
}

/** The Host header of a service. */
export function hostOf(service: string, user: string): string {
  return `${service}-${user}.${domain}:8443`
}

/** What a browser says when somebody follows a link. */
export const navigation = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'same-site',
  accept: 'text/html',
}

/** What a browser says when a page fetches something. */
export const pageFetch = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }

/** Gets a ticket for a host at the dashboard: the address that the browser is sent to. */
export async function ticketFor(person: Person, host: string, path = '/'): Promise<URL> {
  const query = new URLSearchParams({ host: host.replace(/:\d+$/, ''), path })
  const { status, headers } = await person.send('GET', `/enter?${query}`)
  if (status !== 302) throw new Error(`No ticket: ${status}`)
  return new URL(headers['location'] ?? '')
}

/** A host's cookie, as a browser that was sent through the dashboard has it afterwards. */
export async function hostCookie(backend: { url: string }, person: Person, host: string): Promise<string> {
  const ticket = await ticketFor(person, host)
  const { cookies } = await askGate(backend, { host, path: ticket.pathname + ticket.search })
  return cookies[0]?.split(';')[0] ?? ''
}

/** Has somebody answer behind a service, as if its pods ran: an API server alone has no nodes. */
export async function answering({ create }: Pick<Cluster, 'create'>, user: string, service: string): Promise<void> {
  const labels = { 'kubernetes.io/service-name': service, 'karvdash.io/service': service }
  const metadata = { name: `${service}-by-hand`, namespace: `karvdash-${user}`, labels }
  const endpoints = [{ addresses: ['192.0.2.7'] }]
  await create({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4', endpoints })
}
