import { type LogLine, shownLine } from '@karvdash/common'
import { element } from '../../element.ts'

/** Lines on the page: the newest, and of them those that are searched for. */
export interface LogView {
  node: HTMLElement
  add(lines: LogLine[]): void
  clear(): void
  search(words: string): void
  /** Stays at the newest line, or where people are. */
  stick(isStuck: boolean): void
}

export interface LogViewPlan {
  name: string
  /** People went away from the newest line, or came back to it. */
  onStick: (isStuck: boolean) => void
  onCount: (count: { shown: number; all: number; isCut: boolean }) => void
}

/** No more than these are kept: a browser has to live with them. */
export const mostLines = 5000

/** Draws lines as they come, at most once a frame. */
export function drawLogView({ name, onStick, onCount }: LogViewPlan): LogView {
  const node = element('div', { class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': `Log of ${name}`, tabindex: 0 })
  const lines: { node: HTMLElement; plain: string }[] = []
  const sources = new Set<string>()
  let waiting: LogLine[] = []
  let [wanted, isStuck, isCut, isDrawing] = ['', true, false, false]

  function draw(): void {
    isDrawing = false
    const drawn = waiting.slice(-mostLines).map(drawLine)
    isCut ||= lines.length + waiting.length > mostLines
    for (const { pod, container } of waiting) if (sources.size < 2) sources.add(`${pod} ${container}`)
    waiting = []
    for (const { node: gone } of lines.splice(0, Math.max(0, lines.length + drawn.length - mostLines))) gone.remove()
    for (const line of drawn) line.node.hidden = !line.plain.includes(wanted)
    lines.push(...drawn)
    node.classList.toggle('of-one', sources.size < 2)
    node.append(...drawn.map((line) => line.node))
    settle()
  }
  function settle(): void {
    if (isStuck) node.scrollTop = node.scrollHeight
    onCount({ shown: wanted === '' ? lines.length : lines.filter((line) => !line.node.hidden).length, all: lines.length, isCut })
  }
  followScroll(node, (isAtEnd) => {
    if (isAtEnd !== isStuck) onStick(isAtEnd)
    isStuck = isAtEnd
  })
  return {
    node,
    add(more) {
      for (const line of more) waiting.push(line)
      // A program that prints without end has what nobody will see left out before it is drawn.
      if (waiting.length > 2 * mostLines) waiting = waiting.slice(-mostLines - 1)
      if (!isDrawing) requestAnimationFrame(draw)
      isDrawing = true
    },
    clear() {
      for (const line of lines.splice(0)) line.node.remove()
      sources.clear()
      waiting = []
      isCut = false
      settle()
    },
    search(words) {
      wanted = words.trim().toLowerCase()
      for (const line of lines) line.node.hidden = !line.plain.includes(wanted)
      settle()
    },
    stick(stuck) {
      isStuck = stuck
      if (stuck) settle()
    },
  }
}

/** Tells after each scroll whether the newest line is in sight. */
function followScroll(node: HTMLElement, tell: (isAtEnd: boolean) => void): void {
  node.addEventListener('scroll', () => tell(node.scrollHeight - node.scrollTop - node.clientHeight < 24))
}

function drawLine({ pod, container, at, text, isCut }: LogLine): { node: HTMLElement; plain: string } {
  const shown = `${shownLine(text)}${isCut ? ' […]' : ''}`
  const from = element('span', { class: 'log-from', title: at }, `${pod} ${container}`)
  return { node: element('div', { class: 'log-line' }, from, element('span', {}, shown)), plain: shown.toLowerCase() }
}
