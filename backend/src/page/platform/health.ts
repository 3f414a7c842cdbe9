import { contract, type PlatformHealth } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'
import { momentOf } from '../times.ts'

/** How the platform itself is. */
export async function healthPart({ api, signal }: OwnContext): Promise<HTMLElement[]> {
  const health = await api.call(contract.getPlatform, {}, { signal })
  const rows = Object.entries(facts(health)).map(([label, value]) =>
    element('div', {}, element('dt', {}, label), element('dd', {}, value)),
  )
  const replicas = health.replicas.map(({ name, ready, restarts, startedAt }) => {
    const about = `${restarts} ${restarts === 1 ? 'restart' : 'restarts'} · since ${momentOf(startedAt)}`
    const words = element('div', {}, element('strong', {}, name), element('p', { class: 'about' }, about))
    const state = element('span', { class: 'state' }, ready ? 'Ready' : 'Not ready')
    return element('li', { 'data-state': ready ? 'active' : 'Failed' }, words, state)
  })
  return [element('dl', { class: 'facts' }, ...rows), element('ul', { class: 'rows', 'aria-label': 'Backends' }, ...replicas)]
}

function facts({ version, users, services, watches, idle }: PlatformHealth): Record<string, string> {
  const states = Object.entries(services).map(([state, count]) => `${count} ${state.toLowerCase()}`)
  const silent = watches.filter(({ isFresh }) => !isFresh).map(({ name, silentSeconds }) => `${name} for ${silentSeconds} s`)
  return {
    Version: version,
    Users: `${users.total}, ${users.active} active, ${users.waiting} waiting`,
    Services: states.length === 0 ? 'none' : states.join(', '),
    'Idle services': idle ? idleWords(idle) : 'are never stopped',
    'The cluster': silent.length === 0 ? 'is heard' : `has been silent: ${silent.join(', ')}`,
  }
}

function idleWords({ afterSeconds, warningSeconds, cpu, warned }: NonNullable<PlatformHealth['idle']>): string {
  const now = warned === 0 ? 'none is warned now' : `${warned} ${warned === 1 ? 'is' : 'are'} warned now`
  return `are stopped ${timeWords(afterSeconds)} after they were last used, warned ${timeWords(warningSeconds)} before; less than ${cpu} of a processor is no use; ${now}`
}

function timeWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
