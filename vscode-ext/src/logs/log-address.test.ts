import { expect, test } from '@jest/globals'
import { type LogPlace, logAddress, logPlace } from './log-address.ts'

test.each<[LogPlace, string]>([
  [{ service: 'kafka', part: {} }, '/kafka.log'],
  [{ service: 'kafka', part: { pod: 'kafka-0', container: 'broker' } }, '/kafka broker.log'],
  [{ service: 'kafka', part: { container: 'broker', previous: true } }, '/kafka broker before.log'],
])('the address of a log says which one it is: %j', (place, path) => {
  const address = logAddress(place)
  expect(address.path).toBe(path)
  expect(logPlace(address)).toEqual(place)
})

test.each(['', 'service=..%2Fx', 'service=kafka&pod=A%20b', 'service=kafka&other=1'])(
  'attack: an address that somebody made up leads nowhere: %s',
  (query) => {
    expect(logPlace({ query })).toBeUndefined()
  },
)
