import { nameBytes } from '@karvdash/common'

const mostBytes = 255

/**
 * The name, or where it is used the first of `name (2)`, `name (3)`, … that is not; an ending stays at the end.
 * @example
 * unused('a.tar.gz', new Set(['a.tar.gz'])) // 'a (2).tar.gz'
 */
export function unused(name: string, used: { has(name: string): boolean }): string {
  const [, stem = name, ending = ''] = /^(.+?)((?:\.tar)?\.[^.]{1,10})$/su.exec(name) ?? []
  let candidate = name
  for (let n = 2; used.has(candidate); n++) candidate = shortened(stem, ` (${n})${ending}`)
  return candidate
}

/** A name of at most 255 bytes: what is too long loses characters before what was added. */
function shortened(stem: string, addition: string): string {
  const chars = [...stem]
  while (nameBytes(chars.join('') + addition).length > mostBytes) chars.pop()
  return chars.join('') + addition
}
