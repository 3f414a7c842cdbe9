import type { DeletedObject } from './service.ts'

/** What goes with a service, in words: first the data that is nowhere else. */
export function lossesOf(items: DeletedObject[]): { text: string; isData: boolean }[] {
  const [data, rest] = [items.filter(({ holdsData }) => holdsData), items.filter(({ holdsData }) => !holdsData)]
  const kinds = [...Map.groupBy(rest, ({ kind }) => kind)]
  const words = kinds.map(([kind, { length }]) => `${length} ${kind}${length === 1 ? '' : kind.endsWith('s') ? 'es' : 's'}`)
  return [
    ...data.map(({ name }) => ({ text: `The volume ${name}, and all data in it.`, isData: true })),
    ...(words.length > 0 ? [{ text: `${words.join(', ')}.`, isData: false }] : []),
  ]
}
