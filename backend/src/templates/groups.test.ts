import { expect, test } from '@jest/globals'
import { TemplateDescription, TemplateGroups } from '@karvdash/common'
import { arranged } from './groups.ts'
import type { Listed } from './templates.ts'

const one = (id: string, said: { group?: string; origin?: Listed['origin']; pinned?: boolean } = {}): Listed => ({
  description: TemplateDescription.parse({
    id,
    name: id,
    description: 'x',
    ...(said.group !== undefined && { group: said.group }),
  }),
  origin: said.origin ?? 'built-in',
  hidden: false,
  pinned: said.pinned ?? false,
})
const order = (all: Listed[], groups: TemplateGroups['groups'] = []) =>
  arranged(all, { groups }).map(({ description: { id, group } }) => `${group}: ${id}`)

test('where nobody arranged them, templates stand in the groups that they name, those that name none at the end', () => {
  const all = [
    one('mine', { origin: 'own' }),
    one('odd'),
    one('zoo', { group: 'Zoo' }),
    one('pg', { group: 'Data' }),
    one('lab', { group: 'Notebooks and editors' }),
  ]
  expect(order(all)).toEqual(['Notebooks and editors: lab', 'Data: pg', 'Zoo: zoo', 'Other: odd', 'Your own: mine'])
})

test('what an administrator arranged stands as they put it, what is new stands after it in its own group', () => {
  const all = [
    one('a', { group: 'Data' }),
    one('b', { group: 'Data' }),
    one('c', { group: 'Web' }),
    one('d', { group: 'Physics' }),
  ]
  const groups = [
    { label: 'Physics', templates: ['c', 'gone'] },
    { label: 'Data', templates: ['b'] },
  ]
  expect(order(all, groups)).toEqual(['Physics: c', 'Physics: d', 'Data: b', 'Data: a'])
})

test('pinned ones stand first; what is arranged is not what somebody calls by the same id', () => {
  const all = [one('a', { group: 'Data' }), one('b', { group: 'Web', pinned: true }), one('c', { origin: 'own', group: 'Web' })]
  expect(order(all, [{ label: 'Data', templates: ['c'] }])).toEqual(['Web: b', 'Data: a', 'Web: c'])
})

test.each([
  [
    'a group twice',
    [
      { label: 'A', templates: [] },
      { label: 'A', templates: [] },
    ],
  ],
  [
    'a template twice',
    [
      { label: 'A', templates: ['x'] },
      { label: 'B', templates: ['x'] },
    ],
  ],
  ['a name of two lines', [{ label: 'A\nB', templates: [] }]],
  ['what is no id', [{ label: 'A', templates: ['../x'] }]],
])('%s is refused', (_, groups) => {
  expect(TemplateGroups.safeParse({ groups }).success).toBe(false)
})
