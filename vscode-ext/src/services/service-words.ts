import { idleWords, mayDo, type Service, type ServiceAct, shownLine, stateWords, stepWords } from '@karvdash/common'

const acts: ServiceAct[] = ['open', 'copy-address', 'stop', 'resume', 'restart', 'keep', 'update', 'logs', 'terminal', 'delete']

/** What may be done with a service, as the menus look for it: a word for each, ended by a semicolon. */
export function contextOf(service: Service): string {
  return acts
    .filter((act) => mayDo(act, service))
    .map((act) => `${act};`)
    .join('')
}

/** All that is told of a service, and apart from that what its program printed last. */
export function wordsOf(service: Service): { text: string; lastLog: string } {
  const { name, template, state, reason, notice = '', sharedWith = [], lastLog = [] } = service
  const shared = sharedWith.length > 0 ? `Shared with ${sharedWith.join(', ')}.` : ''
  const lines = [
    `${name} (${template})`,
    `${stateWords[state]}. ${reason}`,
    idleWords(service),
    stepWords(service),
    notice,
    shared,
  ]
  return { text: lines.filter((line) => line !== '').join('\n'), lastLog: lastLog.map(shownLine).join('\n') }
}
