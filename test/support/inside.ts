import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { System } from './system.ts'

/** A pod that a tenant adds to a service by its label. */
export interface AddedPod {
  user: string
  service: string
  name: string
  /** What the shell runs. */
  script: string
  /** More of the pod's metadata or spec. */
  labels?: Record<string, string>
  spec?: object
}

/** Creates a pod as the tenant would; it goes at once when it is deleted. */
export async function addPod(system: System, { user, service, name, script, labels, spec }: AddedPod): Promise<void> {
  const image = 'docker.io/library/debian:bookworm-slim'
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'karvdash.io/service': service, ...labels } },
    spec: {
      terminationGracePeriodSeconds: 0,
      restartPolicy: 'Never',
      containers: [{ name: 'main', image, command: ['bash', '-c', script] }],
      ...spec,
    },
  }
  const file = join(tmpdir(), `karvdash-pod-${randomUUID()}.json`)
  await writeFile(file, JSON.stringify(pod))
  await system.kubectlAs(user, 'create', '-f', file).finally(() => rm(file))
}
