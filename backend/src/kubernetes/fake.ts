import type { Identity, Kubernetes } from './client.ts'
import { KubeError } from './errors.ts'
import type { ExecTarget, Shell } from './exec.ts'
import type { KubeObject } from './objects.ts'
import { pathTo, type Resource } from './resources.ts'

/** An API server in memory, for tests of faults that a real one cannot be made to show at a given moment. */
export interface FakeKubernetes extends Kubernetes {
  /** What is stored, by API path. */
  stored: Map<string, KubeObject>
  /** Calls so far, such as `create /api/v1/namespaces/x/secrets/y`. */
  calls: string[]
  /** On whose behalf the latest writes were made. */
  identities: (Identity | undefined)[]
  /** Called before each call; what it throws is the answer. */
  before: (call: string) => void | Promise<void>
  /** The program that is started in a container. */
  shell: (target: ExecTarget) => Shell
  /** What a stream of a path has. */
  streamed: (path: string, query: Record<string, string | undefined>) => AsyncIterable<Buffer>
}

/** Makes one that holds these objects. */
export function fakeKubernetes(objects: [Resource, KubeObject][] = []): FakeKubernetes {
  const shelf = createShelf()
  for (const [resource, object] of objects) shelf.put(pathOf(resource, object), object)
  const fake: FakeKubernetes = {
    ...reading(shelf, called),
    ...writing(shelf, called),
    stored: shelf.stored,
    calls: [],
    identities: [],
    before: () => undefined,
    // Nothing was ever printed here.
    streamed: async function* () {},
    async readStream(path, query) {
      const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
      await called(`stream ${path}?${asked.join('&')}`)
      return fake.streamed(path, query)
    },
    shell: () => {
      throw new KubeError(404, undefined, 'exec')
    },
    async exec(target) {
      await called(`exec ${target.namespace}/${target.pod}/${target.container} ${target.command.join(' ')}`)
      return fake.shell(target)
    },
    as(identity) {
      const apply: Kubernetes['apply'] = (resource, object) => {
        fake.identities.push(identity)
        return fake.apply(resource, object)
      }
      return { ...fake, apply }
    },
  }
  async function called(call: string): Promise<void> {
    fake.calls.push(call)
    await fake.before(call)
  }
  return fake
}

type Called = (call: string) => Promise<void>
type Shelf = ReturnType<typeof createShelf>

function createShelf() {
  const stored = new Map<string, KubeObject>()
  let version = 0
  function put(path: string, object: KubeObject): KubeObject {
    const { uid = `uid-${++version}`, creationTimestamp = new Date(0).toISOString() } = object.metadata
    const kept = { ...object, metadata: { ...object.metadata, uid, creationTimestamp, resourceVersion: String(++version) } }
    stored.set(path, kept)
    return structuredClone(kept)
  }
  function existing(path: string): KubeObject {
    const object = stored.get(path)
    if (!object) throw new KubeError(404, undefined, path)
    return object
  }
  return { stored, put, existing, version: () => String(version) }
}

function pathOf(resource: Resource, { metadata: { namespace, name } }: KubeObject): string {
  return pathTo(resource, { namespace, name })
}

function reading(
  { stored, version }: Shelf,
  called: Called,
): Pick<Kubernetes, 'get' | 'pages' | 'list' | 'watch' | 'read' | 'review'> {
  const list: Kubernetes['list'] = async (resource, place) => {
    await called(`list ${pathTo(resource, place)}`)
    const items = [...stored].filter(([path]) => path.startsWith(`${pathTo(resource, place)}/`)).map(([, object]) => object)
    return { items: structuredClone(items), resourceVersion: version() }
  }
  return {
    async get(resource, place) {
      await called(`get ${pathTo(resource, place)}`)
      return structuredClone(stored.get(pathTo(resource, place)))
    },
    async *pages(resource, place) {
      yield await list(resource, place)
    },
    list,
    async *watch() {
      // Nothing happens here by itself.
    },
    read: async () => undefined,
    review: async () => undefined,
  }
}

function writing(
  { stored, put, existing }: Shelf,
  called: Called,
): Pick<Kubernetes, 'create' | 'replace' | 'apply' | 'patch' | 'remove' | 'removeAll'> {
  return {
    async create(resource, object) {
      const path = pathOf(resource, object)
      await called(`create ${path}`)
      if (stored.has(path)) throw new KubeError(409, undefined, path)
      return put(path, object)
    },
    async replace(resource, object) {
      const path = pathOf(resource, object)
      await called(`replace ${path}`)
      const { resourceVersion = existing(path).metadata.resourceVersion } = object.metadata
      if (existing(path).metadata.resourceVersion !== resourceVersion) throw new KubeError(409, undefined, path)
      return put(path, object)
    },
    async apply(resource, object) {
      await called(`apply ${pathOf(resource, object)}`)
      return put(pathOf(resource, object), object)
    },
    async patch(resource, { subresource: _subresource, ...place }, change) {
      const path = pathTo(resource, place)
      await called(`patch ${path}`)
      return put(path, { ...existing(path), ...change, metadata: existing(path).metadata })
    },
    async remove(resource, place, { uid } = {}) {
      const path = pathTo(resource, place)
      await called(`remove ${path}`)
      if (uid !== undefined && stored.get(path)?.metadata.uid !== uid) throw new KubeError(409, undefined, path)
      stored.delete(path)
    },
    async removeAll(resource, place) {
      const path = pathTo(resource, place)
      await called(`remove ${path}`)
      for (const one of stored.keys()) if (one.startsWith(`${path}/`)) stored.delete(one)
    },
  }
}
