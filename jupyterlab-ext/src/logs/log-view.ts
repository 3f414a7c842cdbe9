import type { LogLine } from '@karvdash/common'
import { element } from '../panel/element.ts'
import { createLogLines, type LogLines, type ShownLine } from './log-lines.ts'

/** Lines in a box that scrolls. */
export interface LogView {
  node: HTMLElement
  lines: LogLines
  add(lines: readonly LogLine[]): void
  clear(): void
  /** Stays at the newest line, or where people are. */
  stick(isStuck: boolean): void
}

/** Draws lines as they come, once a frame; tells when people go away from the newest line, or come back to it, and when something was drawn. */
export function logView(name: string, ears: { onStick: (isStuck: boolean) => void; onDraw: () => void }): LogView {
  const node = element('div', {
    class: 'jp-Karvdash-log',
    role: 'log',
    'aria-live': 'off',
    'aria-label': `Log of ${name}`,
    tabindex: 0,
  })
  const lines = createLogLines()
  let waiting: LogLine[] = []
  let isStuck = true

  function draw(): void {
    const { added, gone } = lines.add(waiting)
    waiting = []
    for (const old of [...node.children].slice(0, gone)) old.remove()
    node.append(...added.slice(-lines.count).map(drawLine))
    node.classList.toggle('jp-mod-mixed', lines.isMixed)
    settle()
    ears.onDraw()
  }
  function settle(): void {
    if (isStuck) node.scrollTop = node.scrollHeight
  }
  node.addEventListener('scroll', () => {
    const isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 24
    if (isAtEnd !== isStuck) ears.onStick(isAtEnd)
    isStuck = isAtEnd
  })
  return {
    node,
    lines,
    add(more) {
      // A tab behind others draws no frames: what would be left out anyway does not wait.
      if (waiting.length === 0) requestAnimationFrame(draw)
      waiting = [...waiting, ...more].slice(-waitingMost)
    },
    clear() {
      waiting = []
      lines.clear()
      node.replaceChildren()
    },
    stick(stuck) {
      isStuck = stuck
      settle()
    },
  }
}

/** One more than is kept, so that it shows that some were left out. */
const waitingMost = 5_001

function drawLine({ at, from, text }: ShownLine): HTMLElement {
  const source = element('span', { class: 'jp-Karvdash-logFrom' }, from)
  return element('div', { class: 'jp-Karvdash-logLine', title: at }, source, element('span', {}, text))
}
