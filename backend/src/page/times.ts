const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A date as people write it where they are. */
export function dayOf(time: string): string {
  return formatted(time, day)
}

/** A date and the time of day. */
export function momentOf(time: string): string {
  return formatted(time, moment)
}

function formatted(time: string, format: Intl.DateTimeFormat): string {
  const date = new Date(time)
  return Number.isNaN(date.valueOf()) ? time : format.format(date)
}
