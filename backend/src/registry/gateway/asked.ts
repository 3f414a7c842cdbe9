import { RepositoryName } from '@karvdash/common'
import type { TokenAccess } from '../access/tokens.ts'

/** A request of the OCI distribution API, understood: what it takes, and where it goes. */
export interface Asked {
  /** What a token has to grant. */
  access: TokenAccess[]
  /** At the external registry; undefined for an upload that goes on, which its sealed place tells. */
  path: string | undefined
  /** Parameters that go along. */
  query: URLSearchParams
  repository: string | undefined
  /** The sealed place of an upload that goes on. */
  upload: string | undefined
  /** The manifest that is written or deleted. */
  reference: string | undefined
}

const digest = '[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]{1,256}'
const reference = `(?:\\w[\\w.-]{0,127}|${digest})`
/** The end points of the OCI distribution specification, and which parameters each takes; names are checked apart. */
const endPoints: { form: RegExp; methods: string[]; parameters: string[] }[] = [
  {
    form: new RegExp(`^/v2/(?<name>.+)/manifests/(?<reference>${reference})$`),
    methods: ['GET', 'HEAD', 'PUT', 'DELETE'],
    parameters: [],
  },
  { form: new RegExp(`^/v2/(?<name>.+)/blobs/${digest}$`), methods: ['GET', 'HEAD', 'DELETE'], parameters: [] },
  { form: /^\/v2\/(?<name>.+)\/blobs\/uploads\/?$/, methods: ['POST'], parameters: ['mount', 'from', 'digest'] },
  {
    form: /^\/v2\/(?<name>.+)\/blobs\/uploads\/(?<upload>[\w-]+)$/,
    methods: ['GET', 'PATCH', 'PUT', 'DELETE'],
    parameters: ['digest'],
  },
  { form: /^\/v2\/(?<name>.+)\/tags\/list$/, methods: ['GET', 'HEAD'], parameters: ['n', 'last'] },
  { form: new RegExp(`^/v2/(?<name>.+)/referrers/${digest}$`), methods: ['GET', 'HEAD'], parameters: ['artifactType'] },
  { form: /^\/v2\/_catalog$/, methods: ['GET', 'HEAD'], parameters: ['n', 'last'] },
]

/** Reads a request; undefined where it is none that registries know. The path is as it was sent: nothing in it is decoded. */
export function askedOf(method: string, path: string, given: URLSearchParams): Asked | undefined {
  for (const { form, methods, parameters } of endPoints) {
    const found = form.exec(path)
    if (!found || !methods.includes(method)) continue
    const { name, upload, reference: named } = found.groups ?? {}
    if (name !== undefined && !RepositoryName.safeParse(name).success) return undefined
    const query = new URLSearchParams([...given].filter(([parameter]) => parameters.includes(parameter)))
    const access = accessFor({ method, name, upload, from: query.get('from') })
    if (!access) return undefined
    return { access, path: upload === undefined ? path : undefined, query, repository: name, upload, reference: named }
  }
  return undefined
}

interface Wanted {
  method: string
  name: string | undefined
  upload: string | undefined
  /** The repository that a layer is to be taken over from. */
  from: string | null
}

/** What distribution asks for, too; who began an upload may break it off. */
function accessFor({ method, name, upload, from }: Wanted): TokenAccess[] | undefined {
  if (name === undefined) return [{ type: 'registry', name: 'catalog', actions: ['*'] }]
  const isReading = method === 'GET' || method === 'HEAD'
  const isDeletion = method === 'DELETE' && upload === undefined
  const actions = isDeletion ? ['delete'] : isReading && upload === undefined ? ['pull'] : ['pull', 'push']
  const own = { type: 'repository', name, actions }
  if (from === null) return [own]
  return RepositoryName.safeParse(from).success ? [own, { type: 'repository', name: from, actions: ['pull'] }] : undefined
}

/** Whether what was granted is enough. */
export function isEnough(granted: readonly TokenAccess[], wanted: readonly TokenAccess[]): boolean {
  return wanted.every(({ type, name, actions }) =>
    actions.every((action) => granted.some((one) => one.type === type && one.name === name && one.actions.includes(action))),
  )
}
