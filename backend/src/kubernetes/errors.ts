import * as z from 'zod'

const Status = z.looseObject({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z
    .looseObject({
      kind: z.string().optional(),
      retryAfterSeconds: z.number().optional(),
      causes: z.array(z.looseObject({ field: z.string().optional(), message: z.string().default('') })).optional(),
    })
    .nullish(),
})

/** What the API server answered instead of doing as asked (its Status object). */
export class KubeError extends Error {
  readonly status: number
  readonly reason: string
  /** What the answer is about, as paths name it; not always what was asked for. */
  readonly kind: string | undefined
  readonly retryAfterSeconds: number | undefined
  /** What is wrong with which field (`spec.replicas`), where it says so. */
  readonly causes: readonly { field?: string | undefined; message: string }[]

  constructor(status: number, body: unknown, request: string) {
    const told = Status.catch({ reason: '', message: '' }).parse(body)
    super(told.message || `${request}: HTTP ${status}`)
    this.name = 'KubeError'
    const untyped = status === 500 ? untypedFields(told.message) : []
    this.status = untyped.length > 0 ? 422 : status
    this.reason = untyped.length > 0 ? 'Invalid' : told.reason
    this.kind = told.details?.kind
    this.retryAfterSeconds = told.details?.retryAfterSeconds
    this.causes = untyped.length > 0 ? untyped : (told.details?.causes ?? [])
  }
}

const untyped = /^failed to create typed patch object \([^)]*\): /
const untypedField = /^\s*\.?([^\s:]+): (.+)$/gm

/** Server-side apply answers 500 where an object has fields that its kind has not: it is the object that is wrong, not the server. */
function untypedFields(message: string): { field: string; message: string }[] {
  if (!untyped.test(message)) return []
  const found = [
    ...message
      .replace(untyped, '')
      .replace(/^errors:/, '')
      .matchAll(untypedField),
  ]
  return found.map(([, field = '', told = '']) => ({ field, message: told }))
}

/** Whether this says that the API server could not be reached at all, or not now. */
export function isAway(error: unknown): boolean {
  if (error instanceof KubeError) return error.status >= 500 || error.status === 429
  return error instanceof ConnectionError
}

/** The API server did not answer. */
export class ConnectionError extends Error {
  constructor(request: string, cause: unknown) {
    super(`${request}: no answer from the API server`, { cause })
    this.name = 'ConnectionError'
  }
}

/** Whether the API server says that this does not exist. */
export function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404
}

/** Whether the API server says that it exists already, or was changed meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409
}

/** Whether the API server says that a quota has no room for it. */
export function isOverQuota(error: unknown): boolean {
  return error instanceof KubeError && error.status === 403 && error.message.includes('exceeded quota')
}

/** Whether the API server says that nobody has counted for a quota yet: it is that new. */
export function isUncounted(error: unknown): boolean {
  return error instanceof KubeError && error.status === 403 && error.message.includes('status unknown for quota')
}
