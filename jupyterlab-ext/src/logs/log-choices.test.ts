import { expect, test } from '@jest/globals'
import { placeOf, placesOf } from './log-choices.ts'

const pod = (name: string, ...containers: string[]) => ({
  name,
  ports: [],
  containers: containers.map((container) => ({ name: container, image: 'i', ready: true, restarts: 0 })),
})

test.each([
  [[], []],
  [[pod('a', 'web')], ['a']],
  [[pod('a', 'web', 'side')], ['a web', 'a side']],
  [
    [pod('a', 'web', 'side'), pod('b', 'web')],
    ['a', 'a web', 'a side', 'b'],
  ],
])('logs are of pods, and of containers where there are several', (pods, places) => {
  expect(placesOf({ pods })).toEqual(places)
})

test('a place is a pod, a container in it, or all', () => {
  expect(['', 'a', 'a web'].map(placeOf)).toEqual([{}, { pod: 'a' }, { pod: 'a', container: 'web' }])
})
