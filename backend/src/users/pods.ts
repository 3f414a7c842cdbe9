import { createHash } from 'node:crypto'
import { ownerOf, unauthenticated } from '@karvdash/common'
import * as z from 'zod'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'
import { createMemory } from '../memory.ts'
import { identityVolumeName } from './objects.ts'

const Review = z.looseObject({
  status: z.looseObject({
    authenticated: z.boolean().default(false),
    audiences: z.array(z.string()).default([]),
    user: z
      .looseObject({ username: z.string().default(''), extra: z.record(z.string(), z.array(z.string())).default({}) })
      .default({ username: '', extra: {} }),
  }),
})

/**
 * Makes the check of pods' identities: whose pod shows this projected service-account token.
 * @returns a function that gives the user, or throws Problem 401
 */
export function createPodOwner(kubernetes: Kubernetes, clock?: () => number): (token: string) => Promise<string> {
  const remembered = createMemory<string>({ lifetimeMs: 10_000, most: 5_000, clock })
  return async (token) => {
    const print = createHash('sha256').update(token).digest('base64')
    const known = remembered.get(print)
    if (known !== undefined) return known
    const user = await review(kubernetes, token)
    remembered.set(print, user)
    return user
  }
}

const Claims = z.looseObject({
  'kubernetes.io': z.looseObject({
    namespace: z.string(),
    pod: z.looseObject({ name: z.string(), uid: z.string() }),
  }),
})

/** Makes the question whether the pod is still there whose token was valid once, however old the token is. */
export function createPodHolds(kubernetes: Kubernetes, clock?: () => number): (token: string) => Promise<boolean> {
  const remembered = createMemory<boolean>({ lifetimeMs: 10_000, most: 5_000, clock })
  return async (token) => {
    const claims = Claims.safeParse(payloadOf(token))
    if (!claims.success) return false
    const { namespace, pod } = claims.data['kubernetes.io']
    const holds = remembered.get(pod.uid) ?? (await hasIdentity(kubernetes, { namespace, ...pod }))
    remembered.set(pod.uid, holds)
    return holds
  }
}

/** What a JSON Web Token says (RFC 7519 §3); whoever asks knows that it was valid. */
function payloadOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

async function review(kubernetes: Kubernetes, token: string): Promise<string> {
  if (token === '' || token.length > 8192) throw unauthenticated('The token is not valid.')
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: ['karvdash'] } }
  const { status } = Review.parse(await kubernetes.review('/apis/authentication.k8s.io/v1/tokenreviews', body))
  const [, namespace = '', account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(status.user.username) ?? []
  const user = ownerOf(namespace)
  const isOurs = status.authenticated && status.audiences.includes('karvdash') && account === 'default'
  const extra = (name: string) => status.user.extra[`authentication.kubernetes.io/${name}`]?.[0]
  const pod = { namespace, name: extra('pod-name'), uid: extra('pod-uid') }
  if (!isOurs || user === undefined || !(await hasIdentity(kubernetes, pod))) throw unauthenticated('The token is not valid.')
  return user
}

const Pod = z.looseObject({
  metadata: z.looseObject({ uid: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.looseObject({ volumes: z.array(z.looseObject({ name: z.string() })).default([]) }),
})

/** A tenant can mint tokens for its own account, bound to any pod of theirs: only a live one that was given an identity has one. */
async function hasIdentity(
  kubernetes: Kubernetes,
  { namespace, name, uid }: { namespace: string; name: string | undefined; uid: string | undefined },
): Promise<boolean> {
  if (!name || !uid) return false
  const pod = Pod.safeParse(await kubernetes.get(resources.pods, { namespace, name }))
  if (!pod.success || pod.data.metadata.uid !== uid || pod.data.metadata.deletionTimestamp !== undefined) return false
  return pod.data.spec.volumes.some((volume) => volume.name === identityVolumeName)
}
