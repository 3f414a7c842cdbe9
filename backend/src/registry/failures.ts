import { Problem } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from '../json-text.ts'

/** What an answer of the registry's says of why it does not do as asked. */
export interface Refusal {
  status: number
  /** Its body, as far as it was read. */
  text: string
}

const Errors = jsonText.pipe(
  z.object({ errors: z.array(z.object({ code: z.string().catch(''), message: z.string().catch('') })) }),
)
const mostLetters = 300
const saysFull = /no space left|"Err":\s*(28|122)\b|disk quota|exceed[^"]{0,80}(quota|upper limit)|quota[^"]{0,80}exceed/i

/** The Problem that a refusal is; `what` continues "The registry does not let …", such as `images be deleted`. */
export function refused({ status, text }: Refusal, what: string): Problem {
  if (status === 507 || saysFull.test(text)) return full()
  const said = toldBy(text)
  if (status === 401)
    return new Problem(403, 'Not allowed', {
      detail:
        'The registry does not take the platform’s credentials. An administrator has to look at the settings of the registry.',
    })
  if (status === 403) return new Problem(403, 'Not allowed', { detail: `The registry does not let ${what}${said}.` })
  if (status === 405 || /"UNSUPPORTED"/.test(text))
    return new Problem(403, 'Not allowed', {
      detail: `The registry does not let ${what}: it is read-only, or not set up for it. Its administrator can change that.`,
    })
  if (status >= 500 || status === 429 || status === 408) return away(new Error(`HTTP ${status}${said}`))
  return new Problem(422, 'The registry refuses it', { detail: `The registry does not let ${what} (HTTP ${status})${said}.` })
}

/** 503: it cannot be reached, hangs, or is overloaded. */
export function away(cause?: unknown): Problem {
  return new Problem(503, 'Not available', {
    detail: 'The registry does not answer. Try again shortly; if it stays so, tell an administrator.',
    cause,
  })
}

/** 507: it has no room. */
function full(): Problem {
  return new Problem(507, 'No room', {
    detail:
      'The registry is full. Administrators can delete images that nobody uses, free their space, or give the registry more.',
  })
}

/** 502: what it answered makes no sense. */
export function nonsense(what: string, cause?: unknown): Problem {
  return new Problem(502, 'The registry answers wrongly', { detail: `The registry’s answer cannot be used: ${what}.`, cause })
}

/** For `catch`: null in the place of what makes no sense, which must not hide what is beside it, nor keep anybody from deleting it. */
export function senseless(error: unknown): null {
  if (error instanceof Problem && error.status === 502) return null
  throw error
}

/** The registry's own words, where it has any (OCI distribution specification, "Error Codes"): printable, and not many. */
function toldBy(text: string): string {
  const told = Errors.safeParse(text)
  const [first] = told.success ? told.data.errors : []
  const words = (first?.message || first?.code || '').replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').trim()
  return words === '' ? '' : `: ${words.slice(0, mostLetters)}`
}
