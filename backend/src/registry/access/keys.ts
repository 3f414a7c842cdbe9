import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Kubernetes } from '../../kubernetes/client.ts'
import { isConflict } from '../../kubernetes/errors.ts'
import { noteSecret } from '../../kubernetes/notes.ts'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { resources } from '../../kubernetes/resources.ts'

/** What the replicas and the registry share. The registry has the certificate of the root and the two secrets, and never the root's key. */
export interface RegistryKeys {
  /** PEM of the certificate that the registry believes: whatever it signed may sign tokens. */
  rootCertificate: string
  /** PEM. */
  rootKey: string
  /** What the registry shows with its notifications. */
  eventsSecret: string
}

const name = 'karvdash-registry-keys'

const Stored = z.looseObject({ 'root.crt': z.string(), 'root.key': z.string(), events: z.string() })

export interface RegistryKeysPorts {
  kubernetes: Pick<Kubernetes, 'get' | 'create'>
  /** The system namespace. */
  namespace: string
}

/** The keys in use, made at the first start. The chart gives the registry what it may have of the Secret. */
export async function registryKeys(ports: RegistryKeysPorts): Promise<RegistryKeys> {
  const { kubernetes, namespace } = ports
  const stored = await kubernetes.get(resources.secrets, { namespace, name })
  if (stored) return decoded(stored)
  // Writing X.509 takes a lot of code, which is hardly ever needed.
  const { makeRoot } = await import('./make-token-certificates.ts')
  const { certificate, key } = await makeRoot(Date.now())
  const made = noteSecret(
    'registry-keys',
    { name, namespace },
    // `http` signs what clients keep of an upload that is under way, so that it goes on after a restart of the registry.
    { 'root.crt': certificate, 'root.key': key, events: random(), http: random() },
  )
  try {
    await kubernetes.create(resources.secrets, made)
    return decoded(made)
  } catch (error) {
    // Another replica was faster: its keys are the ones.
    if (isConflict(error)) return registryKeys(ports)
    throw error
  }
}

function decoded(secret: KubeObject): RegistryKeys {
  const data = Stored.parse(secret['data'])
  const text = (key: keyof typeof data) => Buffer.from(String(data[key]), 'base64').toString()
  return { rootCertificate: text('root.crt'), rootKey: text('root.key'), eventsSecret: text('events') }
}

function random(): string {
  return randomBytes(32).toString('hex')
}
