import * as z from 'zod'

/** One complaint about one field of the input. */
export interface FieldError {
  /** JSON pointer into the request (RFC 6901), such as `/values/memory`. */
  pointer: string
  /** A sentence that says what is wrong and what is allowed. */
  detail: string
  /** Of a fault in the text of a template: in which of its documents, where in that, and on which line; all but the path count from 1. */
  document?: number | undefined
  /** As Kubernetes writes it: `spec.template.spec.containers[0].image`. */
  path?: string | undefined
  line?: number | undefined
  column?: number | undefined
}

/** What a Problem says besides its status. */
export interface ProblemDetails {
  detail?: string | undefined
  errors?: FieldError[] | undefined
  /** Extension members (RFC 9457 §3.2), such as the link to the service that runs already. */
  extra?: Record<string, string | number | boolean> | undefined
  cause?: unknown
}

const problemJson = z.looseObject({
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({
        pointer: z.string(),
        detail: z.string(),
        document: z.number().optional(),
        path: z.string().optional(),
        line: z.number().optional(),
        column: z.number().optional(),
      }),
    )
    .optional(),
})

/** An error that the caller can act on: problem details of RFC 9457. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly errors: FieldError[] | undefined
  readonly extra: Record<string, string | number | boolean>

  constructor(status: number, title: string, details: ProblemDetails = {}) {
    super(details.detail ?? title, { cause: details.cause })
    this.name = 'Problem'
    this.status = status
    this.title = title
    this.detail = details.detail
    this.errors = details.errors
    this.extra = details.extra ?? {}
  }

  /** The body of an `application/problem+json` answer. */
  toJSON(): Record<string, unknown> {
    const { title, status, detail, errors, extra } = this
    return { type: 'about:blank', title, status, ...(detail && { detail }), ...(errors && { errors }), ...extra }
  }

  /** The Problem that a failed HTTP answer tells, whoever wrote it. */
  static async fromResponse(response: Response): Promise<Problem> {
    const told = problemJson.safeParse(await response.json().catch(() => undefined))
    if (!told.success) return new Problem(response.status, response.statusText || `HTTP ${response.status}`)
    const { type: _type, title, status, detail, errors, ...rest } = told.data
    const extra = Object.entries(rest).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    )
    return new Problem(status, title, { detail, errors, extra: Object.fromEntries(extra) })
  }
}

/** 400: the input is wrong; each error names its field. */
export function invalid(errors: FieldError[], detail?: string): Problem {
  return new Problem(400, 'The request is not valid', { detail: detail ?? errors.map((e) => e.detail).join(' '), errors })
}

/** 401: nobody is signed in, or the credentials are not valid. */
export function unauthenticated(detail = 'Sign in first.'): Problem {
  return new Problem(401, 'Not signed in', { detail })
}

/** 403: signed in, but this is not allowed. */
export function forbidden(detail: string): Problem {
  return new Problem(403, 'Not allowed', { detail })
}

/** 404: there is no such thing, or not for this caller. */
export function notFound(what: string, name: string): Problem {
  return new Problem(404, 'Not found', { detail: `There is no ${what} "${name}".` })
}

/** 409: the state of things stands against it. */
export function conflict(detail: string, extra: ProblemDetails['extra'] = {}): Problem {
  return new Problem(409, 'Conflict', { detail, extra })
}

/** 413: more bytes than the operation takes. */
export function tooLarge(limitBytes: number): Problem {
  return new Problem(413, 'Too large', { detail: `At most ${limitBytes} bytes are accepted here.` })
}

/** 429: come back after some seconds. */
export function tooMany(detail: string, retryAfterSeconds: number): Problem {
  return new Problem(429, 'Too many requests', { detail, extra: { retryAfter: retryAfterSeconds } })
}

/** 503: a part that is needed is away; trying again later may help. */
export function unavailable(what: string, cause?: unknown): Problem {
  return new Problem(503, 'Not available', { detail: `${what} cannot be reached at the moment. Try again shortly.`, cause })
}
