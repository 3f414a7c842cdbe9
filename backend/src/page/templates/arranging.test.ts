import { expect, test } from '@jest/globals'
import type { ListedTemplate } from '@karvdash/common'
import { arrangedGroups, arranging, movedGroup, movedTemplate } from './arranging.ts'

const listed = (id: string, group?: string) => ({ id, name: id.toUpperCase(), group }) as ListedTemplate
const words = (groups: ReturnType<typeof arranging>) =>
  groups.map(({ label, templates }) => `${label}: ${templates.map(({ id }) => id).join(' ')}`)
const three = arranging([listed('a', 'One'), listed('b', 'One'), listed('c', 'Two'), listed('d')], {
  groups: [{ label: 'Two', templates: ['c'] }],
})

test('groups that were arranged stand first, then those that templates name, then the rest', () => {
  expect(words(three)).toEqual(['Two: c', 'One: a b', 'Other: d'])
})

test('a template moves within its group, and from its edge into the next one', () => {
  expect(words(movedTemplate(three, 'a', 1))).toEqual(['Two: c', 'One: b a', 'Other: d'])
  expect(words(movedTemplate(three, 'a', -1))).toEqual(['Two: c a', 'One: b', 'Other: d'])
  expect(words(movedTemplate(three, 'b', 1))).toEqual(['Two: c', 'One: a', 'Other: b d'])
})

test('what is at the end already stays', () => {
  expect(words(movedTemplate(three, 'd', 1))).toEqual(words(three))
  expect(words(movedGroup(three, 0, -1))).toEqual(words(three))
})

test('groups change places, and those without templates are forgotten', () => {
  const moved = movedGroup(movedTemplate(three, 'd', -1), 0, 1)
  expect(words(moved)).toEqual(['One: a b d', 'Two: c', 'Other: '])
  expect(arrangedGroups(moved)).toEqual([
    { label: 'One', templates: ['a', 'b', 'd'] },
    { label: 'Two', templates: ['c'] },
  ])
})
