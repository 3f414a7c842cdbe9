import type { ObjectChange } from '@karvdash/common'
import { element } from '../../element.ts'

const changeWords: Record<ObjectChange['change'], string> = { added: 'is added', removed: 'is removed', changed: 'is changed' }

/** Draws what an update changes, object by object. */
export function drawChanges(changes: ObjectChange[]): HTMLElement {
  return element('div', {}, ...changes.map(drawChange))
}

function drawChange({ kind, name, change, diff }: ObjectChange): HTMLElement {
  const title = `${kind} ${name} ${changeWords[change]}`
  const text =
    diff === undefined
      ? element('p', { class: 'about' }, 'What is in it is not shown.')
      : element('pre', { class: 'commands diff', tabindex: 0, 'aria-label': title }, ...diff.split('\n').map(drawLine))
  return element('div', { class: 'change' }, element('p', {}, title), text)
}

function drawLine(line: string): HTMLElement {
  const look = line.startsWith('+')
    ? 'line-added'
    : line.startsWith('-')
      ? 'line-removed'
      : line.startsWith('@@')
        ? 'about'
        : undefined
  return element('span', { class: look }, `${line}\n`)
}
