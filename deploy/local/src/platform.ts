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

/** Do the cluster's own pods answer, with containers started since the sandbox was made? */
export async function isPlatformReady(api: Api, since = ''): Promise<boolean> {
  const ingress = JSON.parse((await api.get('/apis/apps/v1/namespaces/traefik/daemonsets/traefik')) ?? '{}') as DaemonSet
  // An ingress pod that is about to be replaced is no reason to go on.
  if (ingress.status?.observedGeneration !== ingress.metadata?.generation || ingress.status?.updatedNumberScheduled !== 1)
    return false
  const lists = await Promise.all(['traefik', 'kube-system'].map((namespace) => api.get(`/api/v1/namespaces/${namespace}/pods`)))
  return lists.every((list) => (JSON.parse(list ?? '{}') as PodList).items?.some((pod) => isFreshAndReady(pod, since)))
}

function isFreshAndReady({ metadata, status }: Pod, since: string): boolean {
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  const isFresh = status?.containerStatuses?.every(
    ({ state }) => state?.running !== undefined && state.running.startedAt >= since,
  )
  return !metadata.deletionTimestamp && isReady === true && isFresh === true
}

interface DaemonSet {
  metadata?: { generation?: number }
  status?: { observedGeneration?: number; updatedNumberScheduled?: number }
}

interface PodList {
  items?: Pod[]
}

interface Pod {
  metadata: { deletionTimestamp?: string }
  status?: {
    conditions?: { type: string; status: string }[]
    containerStatuses?: { state?: { running?: { startedAt: string } } }[]
  }
}
