import * as z from 'zod'
import { readConfig } from '../config.ts'
import { openAccess } from '../kubernetes/access.ts'
import { createKubernetes, type Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { examine, type Finding } from './doctor.ts'

const namespace = 'karvdash'
const Deployment = z.looseObject({
  template: z.object({
    spec: z.object({
      containers: z.tuple([z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) })]),
    }),
  }),
})

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  return 2
})

/** Prints a line for each finding; gives the exit code. */
async function main(): Promise<number> {
  const access = await openAccess()
  const kubernetes = createKubernetes(access)
  const findings = await examine({ kubernetes, config: await deployedConfig(kubernetes), ca: await deployedCa(kubernetes) })
  for (const finding of findings) process.stdout.write(`${lineOf(finding)}\n`)
  process.stdout.write(findings.length === 0 ? 'Nothing is wrong in users’ namespaces.\n' : `${findings.length} findings\n`)
  await access.agent.close()
  return findings.length === 0 ? 0 : 1
}

/** The configuration that the installed backend has. */
async function deployedConfig(cluster: Kubernetes) {
  const deployment = await cluster.get(resources.deployments, { namespace, name: 'karvdash' })
  if (!deployment) throw new Error('There is no Deployment karvdash in the namespace karvdash: nothing is installed to examine.')
  const [{ env }] = Deployment.parse(deployment['spec']).template.spec.containers
  return readConfig({ KARVDASH_NAMESPACE: namespace, ...Object.fromEntries(env.map(({ name, value }) => [name, value ?? ''])) })
}

async function deployedCa(cluster: Kubernetes): Promise<string> {
  const secret = await cluster.get(resources.secrets, { namespace, name: 'karvdash-tls' })
  const { 'ca.crt': ca } = z.looseObject({ 'ca.crt': z.string() }).parse(secret?.['data'])
  return Buffer.from(ca, 'base64').toString()
}

function lineOf({ namespace: place, kind, name, message }: Finding): string {
  return `${place}  ${kind} ${name}: ${message}`
}
