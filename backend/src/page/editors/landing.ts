import { extensionId } from '@karvdash/common'

/** Editors on the same machine: RFC 8252 §7.3 has them listen at a loopback address, on any port. */
const loopback = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):[1-9]\d{0,4}\/callback\?/
const programs = ['vscode', 'vscode-insiders', 'vscodium']

/**
 * Where the browser goes with an answer for an editor. The server allows these alone, too: who would make it say something else
 * still gets nothing from this page.
 * @returns undefined for every other address
 */
export function landingOf(location: string | undefined): string | undefined {
  if (location === undefined) return undefined
  const isEditor = programs.some((scheme) => location.startsWith(`${scheme}://${extensionId}/auth?`))
  return isEditor || loopback.test(location) ? location : undefined
}

/** Where an editor asks from, in words. */
export function placeWords(place: string): string {
  if (/^http:\/\/(127\.0\.0\.1|\[::1\])(:|$)/.test(place)) return 'a program on this very computer'
  return programs.some((scheme) => place.startsWith(`${scheme}:`)) ? 'VS Code on this very computer' : `the address ${place}`
}
