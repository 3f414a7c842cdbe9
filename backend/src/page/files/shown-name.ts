import { element } from '../element.ts'

/**
 * Characters that would hide what a name is: controls, line breaks, those that turn the direction of writing, those without width, and
 * bytes that are not UTF-8. The joiner inside emoji is none of them.
 */
const misleading = /[\p{Cc}\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\uef80-\uefff]/gu

/** A name as it can be read: what could not be seen is written out. */
export function shownName(name: string): string {
  return name.replace(misleading, written)
}

function written(char: string): string {
  const code = char.charCodeAt(0)
  if (code >= 0xef80 && code <= 0xefff) return `\u2039${(code & 0xff).toString(16).toUpperCase()}\u203a`
  return `\u2039U+${code.toString(16).toUpperCase().padStart(4, '0')}\u203a`
}

/** A name on the page: its direction is its own, and turns nothing around it. */
export function nameNode(name: string): HTMLElement {
  return element('bdi', { class: 'entry-name' }, shownName(name))
}
