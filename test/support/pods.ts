import { type System, until } from './system.ts'

/** A program to run in a pod of a tenant's own making. */
export interface PodProgram {
  user: string
  name: string
  /** What the shell runs. */
  script: string
  /** Numeric user the container runs as. */
  runAs?: number
  image?: string
  /** How long it may take; 30 s unless told. */
  limitMs?: number
}

/** Creates a pod as the tenant would, with kubectl, and gives what it printed when it has ended. */
export async function runPod(
  system: System,
  { user, name, script, runAs = 0, image = 'docker.io/library/debian:bookworm-slim', limitMs }: PodProgram,
): Promise<string> {
  const overrides = { spec: { securityContext: { runAsUser: runAs }, restartPolicy: 'Never' } }
  const flags = [`--image=${image}`, '--restart=Never', `--overrides=${JSON.stringify(overrides)}`]
  await system.kubectlAs(user, 'run', name, ...flags, '--', 'sh', '-c', `umask 022; ${script} 2>&1`)
  await until(
    `pod ${name} of ${user} to end`,
    async () => {
      const phase = await system.kubectlAs(user, 'get', 'pod', name, '-o', 'jsonpath={.status.phase}')
      return phase === 'Succeeded' || phase === 'Failed'
    },
    limitMs,
  )
  const output = await system.kubectlAs(user, 'logs', name)
  await system.kubectlAs(user, 'delete', 'pod', name, '--wait=false')
  return output
}
