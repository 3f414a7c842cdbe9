import { Problem } from '@karvdash/common'
import { troubleOf } from './connection/standing.ts'
import { Refusal } from './oauth/endpoints.ts'

/** Why nobody could be signed in, as a sentence. */
export function wordsOf(failure: unknown, url: string): string {
  if (failure instanceof Refusal)
    return failure.code === 'mixed_up'
      ? `Another server than ${url} answered. Is this the address that the dashboard has itself?`
      : `${url} did not sign you in: ${failure.message}`
  switch (troubleOf(failure)) {
    case 'refused':
      return 'The server does not know this token. It may have expired: make another.'
    case 'untrusted':
      return `The certificate of ${url} is not trusted on this machine.`
    case 'away':
      return `${url} cannot be reached. Is the address right?`
    default:
      return failure instanceof Problem && failure.status !== 404 ? failure.message : `There is no Karvdash at ${url}.`
  }
}
