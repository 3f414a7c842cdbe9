import { element } from './element.ts'

let drawnSections = 0

/** A part of a screen, under a heading of its own. */
export function section(title: string, ...children: (HTMLElement | string | undefined)[]): HTMLElement {
  const id = `section-${++drawnSections}`
  const heading = element('h2', { id }, title)
  const nodes = children.map((child) => (typeof child === 'string' ? element('p', { class: 'section-about' }, child) : child))
  return element('section', { class: 'card', 'aria-labelledby': id }, heading, ...nodes)
}
