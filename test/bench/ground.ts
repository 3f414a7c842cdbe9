import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAccess } from '@karvdash/backend/kubernetes/access'
import { createKubernetes, type Kubernetes } from '@karvdash/backend/kubernetes/client'
import { type Client, contract, createClient } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { admin, type Cluster, startCluster } from '../support/cluster.ts'
import { template } from './template.ts'

/** What the figures are measured on: a real control plane, and the backend as production runs it. */
export interface Ground {
  cluster: Cluster
  /** For files of the measures alone. */
  folder: string
  /** The API server with all rights. */
  kubernetes: Kubernetes
  /** One more backend, from the bundle, that may be told more. */
  start(more?: Record<string, string>): Promise<Backend>
  close(): Promise<void>
}

/** The one user whose services are measured. */
export const tenant = { username: 'bench', password: 'a password of theirs' }

const built = fileURLToPath(new URL('../../backend/dist', import.meta.url))

/** Starts a control plane for the measures. */
export async function openGround(): Promise<Ground> {
  const cluster = await startCluster('bench')
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-bench-'))
  await writeFile(join(folder, 'ten.yaml'), template)
  // A build meanwhile would take the program away.
  for (const part of ['bundle', 'page']) await cp(join(built, part), join(folder, part), { recursive: true })
  process.env['KUBECONFIG'] = cluster.plane.kubeconfig
  const access = await openAccess()
  const environment = {
    KARVDASH_TEMPLATES_FOLDER: folder,
    KARVDASH_PAGE_FOLDER: join(folder, 'page'),
    NODE_ENV: 'production',
  }
  return {
    cluster,
    folder,
    kubernetes: createKubernetes(access),
    start: (more) => cluster.backend({ ...environment, ...more }, join(folder, 'bundle/main.js')),
    async close() {
      await access.agent.close()
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A client of the API as somebody, by HTTP Basic. */
export function clientOf({ url }: Backend, who: { username: string; password: string }): Client {
  return createClient({ url, headers: () => basic(who) })
}

/** HTTP Basic credentials as a header. */
export function basic({ username, password }: { username: string; password: string }): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** Makes the tenant; comes back when their namespace is there, with a client that shows a token, as editors do. */
export async function makeTenant(backend: Backend): Promise<Client> {
  await createClient({ url: backend.url }).call(contract.signUp, { body: { ...tenant, email: 'bench@example.org' } })
  await clientOf(backend, admin).call(contract.changeUser, { params: { user: tenant.username }, body: { active: true } })
  const token = await clientOf(backend, tenant).call(contract.createToken, { body: { name: 'bench' } })
  return createClient({ url: backend.url, headers: () => ({ authorization: `Bearer ${token.secret}` }) })
}
