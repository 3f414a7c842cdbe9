import { openTerminal, type Terminal, type TerminalOutcome } from '@karvdash/common'
import { whileBusy } from '../../busy.ts'
import type { OwnContext } from '../../context.ts'
import { button, element, setText } from '../../element.ts'
import { sentenceOf } from '../../problems.ts'
import type { Part, ServiceRoute } from '../detail/service-screen.ts'
import { drawPlace, type Place } from '../place.ts'
import type { Display } from './display.ts'

/** A shell in a container of a service. What draws it is loaded when somebody comes here. */
export function terminalPart(route: ServiceRoute, context: OwnContext): Part {
  const place = drawPlace({ ...route, all: 'The first' })
  const host = element('div', { class: 'shell' })
  const told = element('p', { class: 'about', role: 'status' })
  const again: HTMLButtonElement = button('New shell', {}, () => void whileBusy(again, 'Opening …', begin))
  const hint = element('p', { class: 'help' }, 'Shift+Tab leaves the terminal.')
  const tools = element('div', { class: 'tools' }, ...place.nodes, again)
  const session = createSession({ service: route.service, place, host, told }, context)
  const begin = () => session.open().catch((failure: unknown) => setText(told, sentenceOf(failure)))
  place.onChange(begin)
  void begin()
  return { node: element('div', {}, tools, told, host, hint), show: place.show }
}

interface SessionPlan {
  service: string
  place: Place
  host: HTMLElement
  told: HTMLElement
}

/** A shell that ended sooner was not worth to be followed by another at once. */
const shortestMs = 5000

/** One shell at a time: a new one takes the place of the one before. */
function createSession({ service, place, host, told }: SessionPlan, { api, signal }: OwnContext): { open(): Promise<void> } {
  let display: Display | undefined
  let shell: Terminal | undefined
  let latest = 0
  signal.addEventListener('abort', () => {
    shell?.close()
    display?.close()
  })
  async function open(): Promise<void> {
    const mine = ++latest
    shell?.close()
    shell = undefined
    setText(told, 'Opening a shell …')
    display ??= (await import('./display.ts')).openDisplay(host, {
      onType: (text) => shell?.type(text),
      onResize: (size) => shell?.resize(size),
    })
    const screen = display
    screen.clear()
    const begun = performance.now()
    const opened = await openTerminal(api, {
      ...{ url: location.origin, service, ...place.chosen(), size: screen.size(), signal },
      onOutput: (bytes) => mine === latest && screen.write(bytes),
      onEnd: (outcome) => mine === latest && end(outcome, performance.now() - begun),
    })
    if (mine !== latest || signal.aborted) return opened.close()
    shell = opened
    setText(told, `A shell in ${opened.container} of ${opened.pod}.`)
    screen.focus()
  }
  function end(outcome: TerminalOutcome, livedMs: number): void {
    shell = undefined
    setText(told, outcomeWords(outcome))
    const isLost = outcome.type === 'break' && outcome.again === 'at-once' && livedMs > shortestMs
    if (isLost)
      void open().then(
        () => setText(told, `${outcomeWords(outcome)} This is a new shell.`),
        (failure: unknown) => setText(told, sentenceOf(failure)),
      )
  }
  return { open }
}

/** Why it ended, and what to do. */
export function outcomeWords(outcome: TerminalOutcome): string {
  if (outcome.type === 'break')
    return outcome.again === 'never' ? outcome.reason : `${outcome.reason} What ran in the shell has ended with it.`
  const { code, reason } = outcome
  return [code === null ? 'The shell has ended.' : `The shell has ended with ${code}.`, reason].filter(Boolean).join(' ')
}
