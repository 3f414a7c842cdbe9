import { expect, test } from '@jest/globals'
import { briefTable, csvOf, usageTable } from './csv.ts'

const items = [
  { user: 'alice', active: true, services: 2, used: { pods: '3' }, hard: { pods: '20' } },
  { user: 'bob', active: false, services: 0, used: {}, hard: { 'requests.memory': '8Gi' } },
]

test('people see the resources that they ask for most, used and allowed', () => {
  expect(briefTable(items)).toEqual({
    head: ['User', 'Services', 'Pods', 'Memory'],
    rows: [
      ['alice', '2', '3 of 20', '0'],
      ['bob', '0', '0', '0 of 8Gi'],
    ],
  })
})

test('what users have is a table with every resource that any of them is counted for', () => {
  expect(csvOf(usageTable(items))).toBe(
    [
      'user,active,services,pods used,pods allowed,requests.memory used,requests.memory allowed',
      'alice,yes,2,3,20,,',
      'bob,no,0,,,,8Gi',
      '',
    ].join('\r\n'),
  )
})

test('attack: a cell is no formula, and ends where it ends', () => {
  expect(csvOf({ head: ['a'], rows: [['=1+1'], ['x,"y"\n']] })).toBe('a\r\n\'=1+1\r\n"x,""y""\n"\r\n')
})
