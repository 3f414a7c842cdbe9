import { X509Certificate } from 'node:crypto'
import * as z from 'zod'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { isConflict } from '../kubernetes/errors.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'
import type { Made } from './make-certificates.ts'

/** The certificate of the in-cluster endpoint, and the CA that signed it. */
export interface Certificates {
  ca: string
  cert: string
  key: string
}

const secretName = 'karvdash-tls'
const renewDaysBefore = 30
const dayMs = 86_400_000

const Stored = z.looseObject({ 'ca.crt': z.string(), 'ca.key': z.string(), 'tls.crt': z.string(), 'tls.key': z.string() })

export interface CertificatesPorts {
  kubernetes: Kubernetes
  config: Pick<Config, 'namespace' | 'serviceName'>
  /** Further addresses of this endpoint, for a backend outside the cluster. */
  addresses?: string[]
  clock?: () => number
}

/** Gives the certificate in use; makes or renews it first where that is due. Replicas share it through a Secret. */
export async function currentCertificates(ports: CertificatesPorts): Promise<Certificates> {
  const { kubernetes, config, addresses = [], clock = Date.now } = ports
  const secret = await kubernetes.get(resources.secrets, { namespace: config.namespace, name: secretName })
  const stored = secret && decoded(secret)
  if (stored && !isDue(stored['tls.crt'], ports)) return { ca: stored['ca.crt'], cert: stored['tls.crt'], key: stored['tls.key'] }
  // Writing X.509 takes a lot of code, which is needed at the first start and every two months.
  const { makeCertificates } = await import('./make-certificates.ts')
  const made = await makeCertificates({ names: hostNames(config), addresses, now: clock() }, stored)
  const object = secretObject(config.namespace, made, secret)
  try {
    if (secret) await kubernetes.replace(resources.secrets, object)
    else await kubernetes.create(resources.secrets, object)
  } catch (error) {
    // Another replica renewed it at the same moment: take theirs.
    if (isConflict(error)) return currentCertificates(ports)
    throw error
  }
  return { ca: made['ca.crt'], cert: made['tls.crt'], key: made['tls.key'] }
}

/** Writes the CA into the webhook configuration; the chart leaves it out, so that an upgrade does not take it away. */
export async function trustByWebhook(kubernetes: Kubernetes, name: string, ca: string): Promise<void> {
  const found = await kubernetes.get(resources.mutatingWebhooks, { name })
  if (!found) return
  const caBundle = Buffer.from(ca).toString('base64')
  const webhooks = z
    .array(z.looseObject({ name: z.string(), clientConfig: z.looseObject({ caBundle: z.string().optional() }) }))
    .parse(found['webhooks'])
  if (webhooks.every(({ clientConfig }) => clientConfig.caBundle === caBundle)) return
  const trusted = webhooks.map((webhook) => ({ ...webhook, clientConfig: { ...webhook.clientConfig, caBundle } }))
  const change = { webhooks: trusted, metadata: { resourceVersion: found.metadata.resourceVersion } }
  await kubernetes.patch(resources.mutatingWebhooks, { name }, change).catch((error: unknown) => {
    // Another replica, or an upgrade, changed it at the same moment.
    if (isConflict(error)) return trustByWebhook(kubernetes, name, ca)
    throw error
  })
}

function isDue(cert: string, { config, addresses = [], clock = Date.now }: CertificatesPorts): boolean {
  const read = new X509Certificate(cert)
  const names = [...hostNames(config), ...addresses]
  const isCovered = names.every((name) => read.checkHost(name) !== undefined || read.checkIP(name) !== undefined)
  return !isCovered || Date.parse(read.validTo) - clock() < renewDaysBefore * dayMs
}

function hostNames({ namespace, serviceName }: CertificatesPorts['config']): string[] {
  return [`${serviceName}.${namespace}.svc`, `${serviceName}.${namespace}.svc.cluster.local`, `${serviceName}.${namespace}`]
}

function decoded(secret: KubeObject): z.infer<typeof Stored> {
  const data = Stored.parse(secret['data'])
  return Stored.parse(
    Object.fromEntries(Object.entries(data).map(([name, value]) => [name, Buffer.from(String(value), 'base64').toString()])),
  )
}

function secretObject(namespace: string, made: Made, before: KubeObject | undefined): KubeObject {
  const data = Object.fromEntries(
    Object.entries(made).map(([name, value]) => [name, Buffer.from(String(value)).toString('base64')]),
  )
  const labels = { 'app.kubernetes.io/managed-by': 'karvdash' }
  const version = before && { resourceVersion: before.metadata.resourceVersion }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace, labels, ...version },
    type: 'kubernetes.io/tls',
    data,
  }
}
