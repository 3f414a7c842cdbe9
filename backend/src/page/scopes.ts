import type { TokenScope } from '@karvdash/common'

/** What a token or an editor may do, as people know it. */
export const scopeNames: Record<TokenScope, string> = {
  files: 'Files',
  services: 'Services',
  images: 'Images',
  'read-only': 'Read-only',
  admin: 'Administration',
}

/** The scopes in one line. */
export function scopeList(scopes: readonly TokenScope[]): string {
  return scopes.map((scope) => scopeNames[scope]).join(', ')
}

/** What somebody lets happen who approves these scopes, each as a sentence. */
export function scopeSentences(scopes: readonly TokenScope[]): string[] {
  const may = scopes.includes('read-only') ? reading : changing
  return scopes.flatMap((scope) => may[scope] ?? [])
}

const changing: Partial<Record<TokenScope, string>> = {
  files: 'Read, write and delete your files in /local, /remote and /shared.',
  services: 'Launch, open and delete your services, and share them.',
  images: 'Use, push and delete your images.',
}

const reading: Partial<Record<TokenScope, string>> = {
  files: 'Read your files in /local, /remote and /shared.',
  services: 'See your services.',
  images: 'Use your images.',
  'read-only': 'It may change nothing.',
}
