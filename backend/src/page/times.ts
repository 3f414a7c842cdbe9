const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** A date as people write it where they are. */
export function dayOf(time: string): string {
  return formatted(time, day)
}

/** A date and the time of day. */
export function momentOf(time: string): string {
  return formatted(time, moment)
}

/** The time of day, with seconds; with its date where that is another day than today. */
export function clockOf(time: string): string {
  const isToday = new Date(time).toDateString() === new Date().toDateString()
  return isToday ? formatted(time, clock) : `${dayOf(time)}, ${formatted(time, clock)}`
}

function formatted(time: string, format: Intl.DateTimeFormat): string {
  const date = new Date(time)
  return Number.isNaN(date.valueOf()) ? time : format.format(date)
}
