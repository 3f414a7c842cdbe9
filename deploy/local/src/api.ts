import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import type { Access } from './kubeconfig.ts'

/** A Kubernetes object as this folder writes it. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; [more: string]: unknown }
  [more: string]: unknown
}

/** The few calls that bringing up a cluster needs. */
export interface Api {
  /** The body of an answer below 300; undefined for 404; throws otherwise. */
  get: (path: string) => Promise<string | undefined>
  /** Server-side apply, in order. */
  apply: (objects: KubernetesObject[]) => Promise<void>
  remove: (object: KubernetesObject) => Promise<void>
  close: () => void
}

const timeoutMs = 10_000

/** Opens the API of a cluster with a client certificate. */
export async function openApi(access: Access): Promise<Api> {
  const [ca, cert, key] = await Promise.all(
    [access.authority.file, access.client.file, access.client.key].map((path) => readFile(path, 'utf8')),
  )
  const agent = new Agent({ keepAlive: true, ca, cert, key })
  const call = (method: string, path: string, object?: KubernetesObject) =>
    send({ url: new URL(path, access.server), agent, method, object })
  return {
    get: (path) => call('GET', path),
    apply: async (objects) => {
      for (const object of objects) await call('PATCH', `${pathOf(object)}?fieldManager=karvdash-local&force=true`, object)
    },
    remove: async (object) => {
      await call('DELETE', pathOf(object))
    },
    close: () => agent.destroy(),
  }
}

/** The address of an object below the API server. */
export function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const plural = `${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`
  return `${group}${metadata.namespace ? `/namespaces/${metadata.namespace}` : ''}/${plural}/${metadata.name}`
}

interface Call {
  url: URL
  agent: Agent
  method: string
  object?: KubernetesObject | undefined
}

function send({ url, agent, method, object }: Call): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const headers = object ? { 'content-type': 'application/apply-patch+yaml' } : {}
    const sent = request(url, { agent, method, headers, timeout: timeoutMs }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('error', reject).on('end', () => {
        const status = response.statusCode ?? 0
        if (status < 300) resolve(body)
        else if (status === 404 && method !== 'PATCH') resolve(undefined)
        else reject(new Error(`${method} ${url.pathname} answered ${status}: ${body.slice(0, 1000)}`))
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${url.pathname}: no answer in ${timeoutMs / 1000} s`)))
    sent.on('error', reject)
    sent.end(object && JSON.stringify(object))
  })
}
