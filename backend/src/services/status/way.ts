import * as z from 'zod'
import type { KubeObject } from '../../kubernetes/objects.ts'
import { listOf, Metadata, word } from './essence.ts'

const Rule = z.object({
  http: z
    .object({
      paths: listOf(
        z.object({
          backend: z
            .object({ service: z.object({ name: word }).optional().catch(undefined) })
            .catch({})
            .default({}),
        }),
        20,
      ),
    })
    .catch({ paths: [] })
    .default({ paths: [] }),
})
const Ingress = z.object({ metadata: Metadata, spec: z.object({ rules: listOf(Rule, 20) }).catch({ rules: [] }) })
const Slice = z.object({
  metadata: z.object({ labels: z.object({ 'kubernetes.io/service-name': word }) }),
  endpoints: listOf(z.object({ conditions: z.object({ ready: z.boolean().nullish() }).catch({}).default({}) }), 1000),
})

/** What is kept of an Ingress: which Services it leads to. */
export interface LiveIngress {
  metadata: Metadata
  to: string[]
}

/** What is kept of an EndpointSlice: whether anybody answers behind a Service. */
export interface LiveSlice {
  metadata: Metadata
  of: string
  answers: boolean
}

/** What is kept of an Ingress; undefined for what is none. */
export function readIngress(object: KubeObject): LiveIngress | undefined {
  const read = Ingress.safeParse(object)
  if (!read.success) return undefined
  const { metadata, spec } = read.data
  const names = spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service?.name ?? ''))
  return { metadata, to: [...new Set(names)] }
}

/** What is kept of an EndpointSlice, which carries the labels of its Service; undefined for what is none. */
export function readSlice(object: KubeObject): LiveSlice | undefined {
  const read = Slice.safeParse(object)
  const metadata = Metadata.safeParse(object.metadata)
  if (!read.success || !metadata.success) return undefined
  // "a nil value should be interpreted as true" (discovery/v1).
  const answers = read.data.endpoints.some(({ conditions }) => conditions.ready !== false)
  return { metadata: metadata.data, of: read.data.metadata.labels['kubernetes.io/service-name'], answers }
}
