import { readFile } from 'node:fs/promises'
import { parseYamlDocuments } from '@karvdash/backend/yaml'
import { Agent, request } from 'undici'
import * as z from 'zod'

/** What is asked of the API server, and by whom. */
export interface Ask {
  /** The account that asks, by its Kubernetes name; mallory's own unless said. */
  as?: string
  /** What the platform says a call is for, see design §9. */
  launch?: string
  verb: keyof typeof methods
  /** Path below the API server, of the collection (create, deletecollection) or of the object, with its subresource. */
  path: string
  query?: Record<string, string>
  /** An array is a JSON patch, any other body of a patch a merge patch. */
  body?: object
}

/** Something a tenant must not be able to do, beside what looks like it and is their right. */
export interface Attack extends Ask {
  /** What the platform promises, in a few words; attacks are grouped by it. */
  promise: string
  /** Who does what: "a pod with an inline NFS volume". */
  name: string
  /** Words of the refusal, which tell the rule meant from all others. */
  expects: string | RegExp
  /** The same by rights; none where nothing of the kind is allowed. */
  twin?: Ask & { name: string }
}

/** How the API server answered. */
export interface Reply {
  status: number
  message: string
}

/** Asks an API server without storing anything. */
export interface Sender {
  /** Server-side dry run: everything but the write happens. */
  dryRun(ask: Ask): Promise<Reply>
  close(): Promise<void>
}

/** The account whose rights a user has. */
export const accountOf = (user: string): string => `system:serviceaccount:karvdash-${user}:default`
/** Asks with all rights. */
export const clusterAdmin = 'the cluster administrator'

const methods = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
} as const

const Kubeconfig = z.object({
  clusters: z.tuple([z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) })]),
  users: z.tuple([z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) })]),
})

/**
 * Opens the API server of a kubeconfig with all rights; each question goes out as the account that it names. `{domains}` in a body stands for
 * the folder of the domains, which is another each time.
 */
export async function openSender(kubeconfig: string, domains: string): Promise<Sender> {
  const { clusters, users } = Kubeconfig.parse(parseYamlDocuments(await readFile(kubeconfig, 'utf8'))[0]?.value)
  const decoded = (text: string) => Buffer.from(text, 'base64').toString()
  const dispatcher = new Agent({
    connections: 8,
    connect: {
      ca: decoded(clusters[0].cluster['certificate-authority-data']),
      cert: decoded(users[0].user['client-certificate-data']),
      key: decoded(users[0].user['client-key-data']),
    },
  })
  return {
    async dryRun(ask) {
      const query = new URLSearchParams({ dryRun: 'All', ...(ask.verb === 'apply' && { fieldManager: 'test' }), ...ask.query })
      const response = await request(`${clusters[0].cluster.server}${ask.path}?${query}`, {
        dispatcher,
        method: methods[ask.verb],
        headers: headersOf(ask),
        body: ask.body === undefined ? null : JSON.stringify(ask.body).replaceAll('{domains}', domains),
      })
      return { status: response.statusCode, message: messageIn(await response.body.text()) }
    },
    close: () => dispatcher.close(),
  }
}

function headersOf({ as = accountOf('mallory'), launch, verb, body }: Ask): Record<string, string> {
  const patch = Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json'
  const type = { patch, apply: 'application/apply-patch+yaml' }[verb as string] ?? 'application/json'
  return {
    ...(body !== undefined && { 'content-type': type }),
    ...(as !== clusterAdmin && { 'impersonate-user': as }),
    ...(launch !== undefined && { 'impersonate-extra-karvdash.io%2flaunch': launch }),
  }
}

/** What a Status says; an object that was let in says nothing. */
function messageIn(text: string): string {
  const status = z.looseObject({ kind: z.literal('Status'), message: z.string() }).safeParse(jsonOf(text))
  return status.success ? status.data.message : ''
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
