import { invalid } from '@karvdash/common'
import jsonPatch from 'fast-json-patch'
import * as z from 'zod'

const Review = z.looseObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.looseObject({
    uid: z.string().min(1),
    kind: z.looseObject({ group: z.string().default(''), kind: z.string() }),
    namespace: z.string().default(''),
    operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
    object: z.looseObject({}).nullish(),
  }),
})

/** An object on its way into the cluster. */
export interface ReviewRequest {
  uid: string
  kind: string
  namespace: string
  object: Record<string, unknown>
}

/** Reads an AdmissionReview. @throws Problem 400 where it is not one. */
export function readReview(body: unknown): ReviewRequest {
  const review = Review.safeParse(body)
  if (!review.success) throw invalid([{ pointer: '', detail: 'This is not an AdmissionReview of admission.k8s.io/v1.' }])
  const { uid, kind, namespace, object } = review.data.request
  return { uid, kind: kind.kind, namespace, object: object ?? {} }
}

/** Lets an object in, changed: the answer carries what differs (RFC 6902), and warnings for whoever made it. */
export function admitted({ uid, object }: ReviewRequest, changed: Record<string, unknown>, warnings: string[] = []): object {
  const patch = jsonPatch.compare(object, changed)
  const response = {
    uid,
    allowed: true,
    ...(warnings.length > 0 && { warnings }),
    ...(patch.length > 0 && { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }),
  }
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }
}

/** Keeps an object out, and says why. */
export function denied(uid: string, code: number, message: string): object {
  const response = { uid, allowed: false, status: { code, message } }
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }
}
