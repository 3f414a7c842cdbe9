import { type Domain, type DomainName, FilePath, namesOf } from '@karvdash/common'
import { element } from '../element.ts'
import { hashOf } from '../routes.ts'
import { nameNode } from './shown-name.ts'

/** The domains, the one that is shown marked. */
export function domainTabs(domains: readonly Domain[], here: DomainName): HTMLElement {
  const links = domains.map(({ name, label }) => {
    const href = hashOf({ screen: 'files', domain: name, path: FilePath.parse('') })
    return element('a', { href, ...(name === here && { 'aria-current': 'true' }) }, label)
  })
  return element('nav', { 'aria-label': 'Domains', class: 'domains' }, ...links)
}

/** What a domain is for, who else can change it, and whether it can be written at all. */
export function domainWords({ name, description, writable, away = false }: Domain): HTMLElement {
  const kept = writable || away ? undefined : element('strong', {}, ' It is read-only at the moment.')
  return element('p', { class: name === 'shared' ? 'notice' : 'introduction' }, description, kept)
}

/** The way from the root of a domain to a folder. */
export function breadcrumbs(domain: DomainName, path: FilePath): HTMLElement {
  const names = namesOf(path)
  const steps = names.map((name, index) => ({
    name: nameNode(name) as Node,
    path: FilePath.parse(names.slice(0, index + 1).join('/')),
  }))
  const all = [{ name: document.createTextNode(`/${domain}`) as Node, path: FilePath.parse('') }, ...steps]
  const items = all.map((step, index) => {
    const isHere = index === all.length - 1
    const href = hashOf({ screen: 'files', domain, path: step.path })
    return element('li', {}, element('a', { href, ...(isHere && { 'aria-current': 'page' }) }, step.name))
  })
  return element('nav', { 'aria-label': 'Folder', class: 'breadcrumbs' }, element('ol', {}, ...items))
}
