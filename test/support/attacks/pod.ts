import type { Ask, Attack } from './attack.ts'

/** Parts of a pod, as they stand in YAML. */
export type Part = Record<string, unknown>

/** The container of a pod that has one. */
export const container = { name: 'main', image: 'registry.k8s.io/pause:3.10' }

/** Mallory's pods. */
export const podsPath = '/api/v1/namespaces/karvdash-mallory/pods'

/** A pod of hers that runs, see `ground.ts`. */
export const target = `${podsPath}/target`

/** Asks for a pod in her namespace. */
export function pod(spec: Part, metadata: Part = {}): Ask {
  return {
    verb: 'create',
    path: podsPath,
    body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tried', ...metadata }, spec: { containers: [container], ...spec } },
  }
}

/** Attacks of one rule: each pod that the rule refuses by its name, and one that it lets pass. */
export function refusedPods(
  rule: Pick<Attack, 'promise' | 'expects'> & { twin: [name: string, spec: Part] },
  specs: Record<string, Part>,
): Attack[] {
  const { promise, expects, twin } = rule
  return Object.entries(specs).map(([name, spec]) => ({
    promise,
    expects,
    name,
    ...pod(spec),
    twin: { name: twin[0], ...pod(twin[1]) },
  }))
}

/** A pod whose one container is so. */
export function withContainer(part: Part): Part {
  return { containers: [{ ...container, ...part }] }
}

/** A pod whose init container is so. */
export function withInit(part: Part): Part {
  return { initContainers: [{ ...container, name: 'first', ...part }] }
}

/** A pod with this volume, mounted. */
export function withVolume(source: Part, mount: Part = {}, name = 'data'): Part {
  const volumeMounts = [{ name, mountPath: '/data', ...mount }]
  return { ...withContainer({ volumeMounts }), volumes: [{ name, ...source }] }
}
