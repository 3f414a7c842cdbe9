import * as z from 'zod'
import { jsonText } from '../json-text.ts'
import { boundedBytes } from './bounded.ts'
import { nonsense } from './failures.ts'
import { headerOf, type RegistryAnswer } from './transport.ts'

const pageSize = 1000
const roundSize = 50
const mostPages = 1000
const pageBytes = 8 * 1024 * 1024

/** A list of names that a registry tells in pages. */
export interface PagedList {
  /** Where it is, without a query. */
  path: string
  /** The member of an answer that holds the names. */
  member: 'repositories' | 'tags'
  /** No more names than this are read. */
  most: number
  /** undefined ends the list. */
  ask: (path: string) => Promise<RegistryAnswer | undefined>
}

/**
 * Reads all pages of a list. Registries differ: they tell the next page by a `Link` that is relative or names a host that only they know, tell it without end, or leave it out; what tells
 * no more names that were not told before is the end.
 * @throws Problem 502 for what is no list.
 */
export async function allNames(list: PagedList): Promise<string[]> {
  const names = new Set<string>()
  let query: string | undefined = `?n=${pageSize}`
  for (let page = 0; query !== undefined && page < mostPages && names.size < list.most; page++) {
    const answer = await list.ask(`${list.path}${query}`)
    if (!answer) break
    const told = await namesOf(answer, list.member)
    const before = names.size
    for (const name of told) if (names.size < list.most) names.add(name)
    const isNews = names.size > before
    query = isNews ? nextQuery(answer, told) : undefined
  }
  return [...names]
}

async function namesOf(answer: RegistryAnswer, member: PagedList['member']): Promise<string[]> {
  const text = (await boundedBytes(answer.body, pageBytes)).toString()
  // Registries tell null for none.
  const told = jsonText.pipe(z.looseObject({ [member]: z.array(z.unknown()).nullish() })).safeParse(text)
  if (!told.success) throw nonsense(`its list of ${member} is none`)
  return (told.data[member] ?? []).filter((name) => typeof name === 'string')
}

/** Of a Link (RFC 8288) the query alone: its host may be one that only the registry knows, and never gets our credentials. */
function nextQuery(answer: RegistryAnswer, told: readonly string[]): string | undefined {
  const [, target] = /<([^<>]{0,4096})>\s*;[^,]*\brel="?next\b/i.exec(headerOf(answer, 'link') ?? '') ?? []
  if (target !== undefined && URL.canParse(target, 'https://registry.invalid'))
    return new URL(target, 'https://registry.invalid').search || undefined
  // Without Link "the client can assume that it has all" (distribution, "Listing Repositories"), but some leave it out of full pages, which are of round sizes.
  const last = told.at(-1)
  return told.length % roundSize === 0 && last !== undefined ? `?n=${pageSize}&last=${encodeURIComponent(last)}` : undefined
}
