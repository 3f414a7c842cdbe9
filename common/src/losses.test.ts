import { expect, test } from '@jest/globals'
import { lossesOf } from './losses.ts'

test('what goes with a service is told by its kinds, and each volume by its name', () => {
  const of = (kind: string, name: string) => ({ kind, name, holdsData: kind === 'PersistentVolumeClaim' })
  const items = [
    of('Secret', 'a'),
    of('PersistentVolumeClaim', 'data-kafka-0'),
    of('Secret', 'b'),
    of('Ingress', 'c'),
    of('Ingress', 'd'),
  ]
  expect(lossesOf(items)).toEqual([
    { text: 'The volume data-kafka-0, and all data in it.', isData: true },
    { text: '2 Secrets, 2 Ingresses.', isData: false },
  ])
  expect(lossesOf([])).toEqual([])
})
