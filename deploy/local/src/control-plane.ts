import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApi } from './api.ts'
import { binary } from './binaries.ts'
import { authority } from './certificates.ts'
import { type Child, spawnChild } from './child.ts'
import { type Access, writeKubeconfig } from './kubeconfig.ts'
import { type ControlPlanePart, prepareControlPlane } from './parts.ts'
import { freePorts } from './ports.ts'
import { markOwner, sweepAbandoned } from './scratch.ts'
import { until } from './wait.ts'

/** An API server with its store and controllers, and no node: what the API says is real, but no pod ever runs. */
export interface RunningControlPlane {
  url: string
  /** File of a kubeconfig with all rights. */
  kubeconfig: string
  /** File of the certificate that signs the API server's. */
  caFile: string
  folder: string
  /** Kills a part and resolves when it is gone. */
  stopPart: (part: ControlPlanePart) => Promise<void>
  /** Starts a stopped part on its old data and resolves when the API server is ready. */
  startPart: (part: ControlPlanePart) => Promise<void>
  /** Ends all parts and removes the folder. */
  stop: () => Promise<void>
}

const prefix = 'karvdash-control-plane-'

/**
 * Starts a control plane on loopback with ports of its own, without root. Its processes die with this one, however it dies.
 * @example
 * const plane = await startControlPlane({ name: 'users' })
 * await plane.stop()
 */
export async function startControlPlane({
  name,
  durable = false,
}: {
  name: string
  durable?: boolean
}): Promise<RunningControlPlane> {
  await sweepAbandoned(tmpdir(), prefix)
  const program = await binary('kubernetes')
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${name}-`))
  await markOwner(folder)
  const { access, args } = await prepare(folder, durable)
  const children = new Map<ControlPlanePart, Child>()
  const spawnPart = (part: ControlPlanePart) => {
    children.set(part, spawnChild({ name: part, program, args: [part, ...args[part]], log: join(folder, `${part}.log`) }))
  }
  const stop = async () => {
    await Promise.all([...children.values()].map((child) => child.kill()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    spawnPart('etcd')
    spawnPart('kube-apiserver')
    await answers(access, children, '/readyz')
    // It gives up when there is no API server after a while, so it comes last.
    spawnPart('kube-controller-manager')
    await answers(access, children, defaultAccount)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: access.server,
    kubeconfig: await writeKubeconfig(join(folder, 'admin.kubeconfig'), access),
    caFile: access.authority.file,
    folder,
    stop,
    stopPart: async (part) => children.get(part)?.kill(),
    startPart: async (part) => {
      spawnPart(part)
      await answers(access, children, '/readyz')
    },
  }
}

async function prepare(folder: string, durable: boolean) {
  const [api = 0, etcd = 0, etcdPeer = 0, controllers = 0] = await freePorts(4)
  return prepareControlPlane({
    folder,
    authority: await authority(join(folder, 'certificates'), 'karvdash-control-plane'),
    bind: '127.0.0.1',
    ports: { api, etcd, etcdPeer, controllers },
    durable,
  })
}

/** With the default ServiceAccount made, a pod could be created. */
const defaultAccount = '/api/v1/namespaces/default/serviceaccounts/default'

async function answers(access: Access, children: Map<ControlPlanePart, Child>, path: string): Promise<void> {
  const api = await openApi(access)
  const stillPossible = () => {
    for (const child of children.values()) child.throwIfFailed()
  }
  try {
    await until(() => api.get(path), { what: `an answer at ${path}`, timeoutMs: 60_000, everyMs: 30, stillPossible })
  } finally {
    api.close()
  }
}
