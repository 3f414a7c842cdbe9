import type { Service } from './service.ts'

/** That a service is about to be stopped, since nobody uses it, in the words and the time of whoever reads it; empty where it is not. */
export function idleWords({ idle }: Pick<Service, 'idle'>, now = new Date()): string {
  if (!idle) return ''
  const [since, end] = [new Date(idle.since), new Date(idle.stopsAt)]
  const isToday = (date: Date) => date.toDateString() === now.toDateString()
  const from = isToday(since) ? timeOf(since) : `${dayOf(since)}, ${timeOf(since)}`
  const until = isToday(end) ? `at ${timeOf(end)}` : `on ${dayOf(end)} at ${timeOf(end)}`
  return `Nothing used it since ${from}: it will be stopped ${until}, unless you keep it running.`
}

/** Tells one warning from every other, of the same service too; undefined where a service is not about to be stopped. */
export function idleWarning({ name, createdAt, idle }: Pick<Service, 'name' | 'createdAt' | 'idle'>): string | undefined {
  return idle && `${name} ${createdAt} ${idle.stopsAt}`
}

function timeOf(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

function dayOf(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })
}
