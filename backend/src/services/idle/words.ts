import type { Idle } from '../record.ts'

/** Why a service was stopped that nobody used; who reads it may be anywhere. */
export function whyStopped({ since, stoppedAt = '', missed }: Idle): string {
  const nothing = missed.length === 0 ? '' : `: ${missed.join(', ')}`
  const from = dayOf(since) === dayOf(stoppedAt) ? timeOf(since) : `${timeOf(since)} on ${dayOf(since)}`
  return `Stopped at ${timeOf(stoppedAt)} UTC on ${dayOf(stoppedAt)}, because nothing used it since ${from}${nothing}. Resume it when you need it again.`
}

function timeOf(at: string): string {
  return new Date(at).toISOString().slice(11, 16)
}

function dayOf(at: string): string {
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
}
