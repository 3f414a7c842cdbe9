import type { ConnectionOptions } from 'node:tls'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { Agent } from 'undici'

const credentialsAgeMs = 60_000

/** How the API server is reached, and as whom. */
export interface Access {
  url: string
  /** One connection pool for the whole process. */
  agent: Agent
  /** For what is read for long, such as logs: a connection each, so that who reads slowly keeps nobody waiting. */
  streams: Agent
  /** What a WebSocket to it takes. */
  tls: { ca: ConnectionOptions['ca']; cert: ConnectionOptions['cert']; key: ConnectionOptions['key'] }
  /** The Authorization header of this moment: a service-account token rotates in its file. */
  authorization(): Promise<string | undefined>
}

/** Access as kubectl would have it: KUBECONFIG, the home folder's, or the pod's own service account. */
export async function openAccess(): Promise<Access> {
  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromDefault()
  const cluster = kubeConfig.getCurrentCluster()
  if (!cluster) throw new Error('No cluster: set KUBECONFIG, or run inside a cluster.')
  const { ca, cert, key } = await credentials(kubeConfig)
  const usual = {
    // A connection that is cut without a word is noticed in seconds: watches say nothing for minutes.
    connect: { ca, cert, key, keepAlive: true, keepAliveInitialDelay: 3_000 },
    keepAliveTimeout: 30_000,
    bodyTimeout: 0,
    headersTimeout: 30_000,
  }
  let known: { header: string | undefined; readAt: number } | undefined
  return {
    url: cluster.server,
    agent: new Agent({ ...usual, connections: 32 }),
    streams: new Agent({ ...usual, allowH2: false }),
    tls: { ca, cert, key },
    async authorization() {
      if (!known || Date.now() - known.readAt > credentialsAgeMs) {
        known = { header: (await credentials(kubeConfig)).authorization, readAt: Date.now() }
      }
      return known.header
    },
  }
}

async function credentials(kubeConfig: KubeConfig) {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] & { headers?: Record<string, string> } = {}
  await kubeConfig.applyToHTTPSOptions(options)
  return { ca: options.ca, cert: options.cert, key: options.key, authorization: options.headers?.['Authorization'] }
}
