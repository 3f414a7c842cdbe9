import { type Dispatcher, request } from 'undici'
import * as z from 'zod'
import type { Access } from './access.ts'
import { ConnectionError, isGone, KubeError } from './errors.ts'
import { type ExecTarget, openShell, type Shell } from './exec.ts'
import { anyObject, type KubeObject } from './objects.ts'
import { pastQuotaRaces } from './quota-races.ts'
import { type Place, pathTo, type Resource } from './resources.ts'

const fieldManager = 'karvdash'
const pageSize = 500
const callTimeoutMs = 30_000

/** On whose behalf a call is made. */
export interface Identity {
  /** The namespace whose `default` service account is impersonated. */
  namespace: string
  /** The launch this call belongs to, for policies that only a launch may pass. */
  launch?: string
}

/** A page of a list. */
export interface ListPage {
  items: KubeObject[]
  resourceVersion: string
}

/** One event of a watch. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: KubeObject
}

/** The API server, as raw JSON: no field is lost on the way in or out. */
export interface Kubernetes {
  /** The object, or undefined where there is none. */
  get(resource: Resource, place: Place): Promise<KubeObject | undefined>
  /** All objects, a page at a time, for whoever keeps little of each; `selector` is a label selector. */
  pages(resource: Resource, place?: Place, selector?: string): AsyncGenerator<ListPage>
  /** All objects, read in pages; `selector` is a label selector. */
  list(resource: Resource, place?: Place, selector?: string): Promise<ListPage>
  /** Stores something that must not exist yet (409 otherwise). */
  create(resource: Resource, object: KubeObject, options?: { dryRun?: boolean }): Promise<KubeObject>
  /** Replaces what is stored; with a resourceVersion in it, only if unchanged (409 otherwise). */
  replace(resource: Resource, object: KubeObject, subresource?: string): Promise<KubeObject>
  /** Server-side apply by our field manager, always the full intent. */
  apply(resource: Resource, object: KubeObject, options?: { dryRun?: boolean; subresource?: string }): Promise<KubeObject>
  /** JSON merge patch (RFC 7396). */
  patch(resource: Resource, place: Place, change: object): Promise<KubeObject>
  /** Deletes; a thing that is gone already is as well. Foreground: dependents go first. */
  remove(resource: Resource, place: Place, options?: { foreground?: boolean; uid?: string | undefined }): Promise<void>
  /** Deletes all of one kind in a namespace. */
  removeAll(resource: Resource, place: { namespace: string }, options: { graceSeconds: number }): Promise<void>
  /** Events from a resourceVersion on, until the server ends the watch. */
  watch(resource: Resource, options: WatchOptions): AsyncGenerator<WatchEvent>
  /** Any other GET, such as discovery; undefined where there is nothing. */
  read(path: string): Promise<unknown>
  /**
   * The bytes of a GET as they come, such as a log that is followed; no more is read than is taken. The signal ends it, also before the first byte.
   * @throws KubeError what the API server refused for.
   */
  readStream(path: string, query: Record<string, string | undefined>, signal: AbortSignal): Promise<AsyncIterable<Buffer>>
  /** Starts a program in a container, at a terminal. @throws KubeError what the API server refused for. */
  exec(target: ExecTarget): Promise<Shell>
  /** A POST to an API that answers and stores nothing, such as TokenReview. */
  review(path: string, body: object): Promise<unknown>
  /** The same API server as somebody else. */
  as(identity: Identity): Kubernetes
}

export interface WatchOptions {
  resourceVersion: string
  selector?: string | undefined
  signal: AbortSignal
  place?: Place
}

interface Call {
  method: Dispatcher.HttpMethod
  path: string
  query?: Record<string, string | undefined>
  body?: object
  type?: string
  signal?: AbortSignal
  /** Whether it is read for long. */
  isStream?: boolean
}

/** Opens the API server over one shared connection pool. */
export function createKubernetes(access: Access, identity?: Identity): Kubernetes {
  const send = (call: Call) => pastQuotaRaces(() => answer(access, identity, call))
  const json = async (call: Call) => (await send(call)).body.json()
  const one = async (call: Call): Promise<KubeObject> => anyObject.parse(await json(call)) as KubeObject
  const at = (resource: Resource, { metadata }: KubeObject, subresource?: string) =>
    pathTo(resource, { namespace: metadata.namespace, name: metadata.name, subresource })
  const pages: Kubernetes['pages'] = (resource, place, selector) =>
    listPages(json, resource, { path: pathTo(resource, place), selector })
  const orNothing = <T>(answer: Promise<T>) => answer.catch(onlyGone)
  return {
    get: (resource, place) => orNothing(one({ method: 'GET', path: pathTo(resource, place) })),
    pages,
    list: async (resource, place, selector) => whole(pages(resource, place, selector)),
    create: (resource, object, { dryRun } = {}) =>
      one({
        method: 'POST',
        path: pathTo(resource, { namespace: object.metadata.namespace }),
        query: { fieldManager, dryRun: dryRun ? 'All' : undefined },
        body: object,
      }),
    replace: (resource, object, subresource) =>
      one({ method: 'PUT', path: at(resource, object, subresource), query: { fieldManager }, body: object }),
    apply: (resource, object, { dryRun, subresource } = {}) =>
      one({
        method: 'PATCH',
        path: at(resource, object, subresource),
        query: { fieldManager, force: 'true', dryRun: dryRun ? 'All' : undefined },
        body: object,
        type: 'application/apply-patch+yaml',
      }),
    patch: (resource, place, change) =>
      one({ method: 'PATCH', path: pathTo(resource, place), body: change, type: 'application/merge-patch+json' }),
    remove: async (resource, place, { foreground, uid } = {}) => {
      const propagationPolicy = foreground ? 'Foreground' : 'Background'
      const body = { propagationPolicy, ...(uid !== undefined && { preconditions: { uid } }) }
      await orNothing(json({ method: 'DELETE', path: pathTo(resource, place), body }))
    },
    removeAll: async (resource, place, { graceSeconds }) => {
      const body = { propagationPolicy: 'Background', gracePeriodSeconds: graceSeconds }
      await json({ method: 'DELETE', path: pathTo(resource, place), body })
    },
    watch: (resource, options) => watchEvents(send, resource, options),
    read: (path) => orNothing(json({ method: 'GET', path })),
    readStream: async (path, query, signal) => (await send({ method: 'GET', path, query, signal, isStream: true })).body,
    exec: async (target) => openShell(access, await headersOf(access, identity), target),
    review: (path, body) => json({ method: 'POST', path, body }),
    as: (other) => createKubernetes(access, other),
  }
}

async function answer(access: Access, identity: Identity | undefined, call: Call): Promise<Dispatcher.ResponseData> {
  const query = new URLSearchParams(
    Object.entries(call.query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const name = `${call.method} ${call.path}`
  const response = await request(`${access.url}${call.path}${query.size > 0 ? `?${query}` : ''}`, {
    dispatcher: call.isStream ? access.streams : access.agent,
    method: call.method,
    headers: {
      accept: 'application/json',
      ...(call.body && { 'content-type': call.type ?? 'application/json' }),
      ...(await headersOf(access, identity)),
    },
    body: call.body ? JSON.stringify(call.body) : null,
    signal: call.signal ?? AbortSignal.timeout(callTimeoutMs),
  }).catch((cause: unknown) => {
    throw new ConnectionError(name, cause)
  })
  if (response.statusCode >= 400)
    throw new KubeError(response.statusCode, await response.body.json().catch(() => undefined), name)
  return response
}

async function headersOf(access: Access, identity: Identity | undefined): Promise<Record<string, string>> {
  const authorization = await access.authorization()
  return { ...(authorization !== undefined && { authorization }), ...impersonation(identity) }
}

function impersonation(identity: Identity | undefined): Record<string, string> {
  if (!identity) return {}
  return {
    'impersonate-user': `system:serviceaccount:${identity.namespace}:default`,
    ...(identity.launch !== undefined && { 'impersonate-extra-karvdash.io%2Flaunch': identity.launch }),
  }
}

function onlyGone(error: unknown): undefined {
  if (!isGone(error)) throw error
}

const List = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.looseObject({})),
})

async function* listPages(
  json: (call: Call) => Promise<unknown>,
  { apiVersion, kind }: Resource,
  { path, selector }: { path: string; selector: string | undefined },
): AsyncGenerator<ListPage> {
  let next: string | undefined
  do {
    const query = { limit: String(pageSize), labelSelector: selector, continue: next }
    const { metadata, items } = List.parse(await json({ method: 'GET', path, query }))
    // Items of a list come without their kind: "apiVersion and kind of items are those of the list" (API conventions).
    const whole = items.map((item) => anyObject.parse({ ...item, apiVersion, kind }) as KubeObject)
    yield { items: whole, resourceVersion: metadata.resourceVersion }
    next = metadata.continue || undefined
  } while (next !== undefined)
}

async function whole(pages: AsyncIterable<ListPage>): Promise<ListPage> {
  const all: ListPage = { items: [], resourceVersion: '' }
  for await (const { items, resourceVersion } of pages) {
    for (const item of items) all.items.push(item)
    all.resourceVersion = resourceVersion
  }
  return all
}

const Event = z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']), object: z.looseObject({}) })

async function* watchEvents(
  send: (call: Call) => Promise<Dispatcher.ResponseData>,
  resource: Resource,
  options: WatchOptions,
): AsyncGenerator<WatchEvent> {
  const { resourceVersion, selector, signal } = options
  const query = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: '300', resourceVersion, labelSelector: selector }
  const path = pathTo(resource, options.place)
  const response = await send({ method: 'GET', path, query, signal, isStream: true })
  for await (const line of linesOf(response.body)) {
    const event = Event.parse(JSON.parse(line))
    if (event.type === 'ERROR') throw new KubeError(Number(event.object['code'] ?? 500), event.object, `WATCH ${path}`)
    yield { type: event.type, object: event.object as KubeObject }
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
}
