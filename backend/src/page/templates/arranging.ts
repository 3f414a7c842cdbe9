import type { ListedTemplate, TemplateGroups } from '@karvdash/common'

/** Groups while they are arranged. */
export interface Arranging {
  label: string
  templates: Pick<ListedTemplate, 'id' | 'name'>[]
}

/** What there is to arrange: groups as they were arranged, then those that templates name themselves. */
export function arranging(items: readonly ListedTemplate[], { groups }: Pick<TemplateGroups, 'groups'>): Arranging[] {
  const found = Map.groupBy(items, ({ group = 'Other' }) => group)
  const labels = new Set([...groups.map(({ label }) => label), ...found.keys()])
  return [...labels].map((label) => ({ label, templates: (found.get(label) ?? []).map(({ id, name }) => ({ id, name })) }))
}

/** Moves a group by one place. */
export function movedGroup(groups: readonly Arranging[], index: number, by: -1 | 1): Arranging[] {
  return swapped(groups, index, index + by)
}

/** Moves a template by one place: from the edge of its group into the next one. */
export function movedTemplate(groups: readonly Arranging[], id: string, by: -1 | 1): Arranging[] {
  const at = groups.findIndex(({ templates }) => templates.some((one) => one.id === id))
  const [from, to] = [groups[at], groups[at + by]]
  if (!from) return [...groups]
  const place = from.templates.findIndex((one) => one.id === id)
  const one = from.templates[place]
  if (from.templates[place + by])
    return groups.map((group) => (group === from ? { ...group, templates: swapped(group.templates, place, place + by) } : group))
  if (!to || !one) return [...groups]
  const rest = from.templates.filter((other) => other !== one)
  const joined = by === 1 ? [one, ...to.templates] : [...to.templates, one]
  return groups.map((group) => {
    if (group === from) return { ...group, templates: rest }
    return group === to ? { ...group, templates: joined } : group
  })
}

/** What is sent; groups without templates are forgotten. */
export function arrangedGroups(groups: readonly Arranging[]): TemplateGroups['groups'] {
  return groups
    .filter(({ templates }) => templates.length > 0)
    .map(({ label, templates }) => ({ label: label.trim(), templates: templates.map(({ id }) => id) }))
}

function swapped<T>(all: readonly T[], one: number, other: number): T[] {
  const [first, second] = [all[one], all[other]]
  if (first === undefined || second === undefined) return [...all]
  return all.with(one, second).with(other, first)
}
