import * as z from 'zod'

const Status = z.looseObject({
  reason: z.string().default(''),
  message: z.string().default(''),
  details: z.looseObject({ kind: z.string().optional(), retryAfterSeconds: z.number().optional() }).nullish(),
})

/** What the API server answered instead of doing as asked (its Status object). */
export class KubeError extends Error {
  readonly status: number
  readonly reason: string
  /** What the answer is about, as paths name it; not always what was asked for. */
  readonly kind: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, body: unknown, request: string) {
    const told = Status.catch({ reason: '', message: '' }).parse(body)
    super(told.message || `${request}: HTTP ${status}`)
    this.name = 'KubeError'
    this.status = status
    this.reason = told.reason
    this.kind = told.details?.kind
    this.retryAfterSeconds = told.details?.retryAfterSeconds
  }
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
