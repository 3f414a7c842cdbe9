import { DomainName, FilePath } from '@karvdash/common'

/** What a `karvdash:` address names: the server's root, its workspace file, an entry of a domain, or nothing there can be. */
export type Location =
  | { kind: 'root' | 'workspace' | 'nowhere' }
  | { kind: 'entry'; domain: DomainName; path: FilePath }
  | { kind: 'impossible'; reason: string }

const nowhere: Location = { kind: 'nowhere' }

/** Name of the file that opens all domains as one workspace. */
export const workspaceFileName = 'karvdash.code-workspace'

/** Reads the path of a URI, decoded as VS Code gives it; extensions put slashes at its end. */
export function locate(uriPath: string): Location {
  const [, first = '', ...names] = uriPath.replace(/\/+$/, '').split('/')
  if (first === '') return { kind: 'root' }
  if (first === workspaceFileName && names.length === 0) return { kind: 'workspace' }
  const domain = DomainName.safeParse(first)
  if (!domain.success) return nowhere
  const path = FilePath.safeParse(names.join('/'))
  if (path.success) return { kind: 'entry', domain: domain.data, path: path.data }
  return { kind: 'impossible', reason: path.error.issues[0]?.message ?? 'This is not a name.' }
}

/** The path of a URI that names an entry. */
export function uriPathOf(domain: string, path: string): string {
  return path === '' ? `/${domain}` : `/${domain}/${path}`
}
