import { readFile } from 'node:fs/promises'
import type { Api } from './api.ts'
import { binary, moduleVersion } from './binaries.ts'
import type { Certificate } from './certificates.ts'
import { dnsObjects } from './dns.ts'
import { ensurePlatformImages, pushBinaryImage } from './images/images.ts'
import { ingressObjects } from './ingress.ts'

/** Names of the images of the cluster's own pods. */
export interface PlatformImages {
  traefik: string
  coredns: string
}

/** Puts the images of the cluster's own pods into the mirror. */
export async function pushPlatformImages(mirror: string): Promise<PlatformImages> {
  const images = {
    traefik: `docker.io/library/traefik:${await moduleVersion('traefik', 'github.com/traefik/traefik/v3')}`,
    coredns: `registry.k8s.io/coredns/coredns:${await moduleVersion('coredns', 'github.com/coredns/coredns')}`,
  }
  await ensurePlatformImages(mirror)
  for (const name of ['traefik', 'coredns'] as const) {
    await pushBinaryImage({ mirror, reference: images[name], binary: await binary(name), entrypoint: [`/${name}`] })
  }
  return images
}

/** What the cluster's own pods are told. */
export interface PlatformOptions {
  images: PlatformImages
  httpsPort: number
  wildcard: Certificate
  /** Are there name servers outside to ask? */
  forwardsDns: boolean
}

/** Applies the name server and the ingress controller. */
export async function applyPlatform(api: Api, { images, httpsPort, wildcard, forwardsDns }: PlatformOptions): Promise<void> {
  const [certificate, key] = await Promise.all([readFile(wildcard.file, 'utf8'), readFile(wildcard.key, 'utf8')])
  await api.apply([
    ...dnsObjects(images.coredns, forwardsDns),
    ...ingressObjects({ image: images.traefik, port: httpsPort, certificate, key }),
  ])
}

/** Do the cluster's own pods answer? */
export async function isPlatformReady(api: Api): Promise<boolean> {
  const [dns, ingress] = await Promise.all([
    api.get('/apis/apps/v1/namespaces/kube-system/deployments/coredns'),
    api.get('/apis/apps/v1/namespaces/traefik/daemonsets/traefik'),
  ])
  const { metadata: { generation = 0 } = {}, status = {} } = JSON.parse(ingress ?? '{}') as Workload
  const isCurrent = status.observedGeneration === generation && status.updatedNumberScheduled === 1 && status.numberReady === 1
  return isCurrent && (JSON.parse(dns ?? '{}') as Workload).status?.readyReplicas === 1
}

interface Workload {
  metadata?: { generation?: number }
  status?: { observedGeneration?: number; updatedNumberScheduled?: number; numberReady?: number; readyReplicas?: number }
}
