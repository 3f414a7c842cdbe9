import { expect, test } from '@jest/globals'
import { createMeter, type MeterNews } from './meter.ts'

test('tells whole percents as they are added, and never goes back', () => {
  const told: MeterNews[] = []
  const meter = createMeter()
  meter.follow((news) => told.push(news))
  told.length = 0
  for (const done of [1, 10, 10.4, 5, 50, 200]) meter.report(done, 100)
  meter.report(3, undefined)
  meter.report(3, 0)
  expect(told).toEqual([{ increment: 1 }, { increment: 9 }, { increment: 40 }, { increment: 50 }])
})

test('who looks later is told first how far it is', () => {
  const told: MeterNews[] = []
  const meter = createMeter()
  meter.say('a.bin')
  meter.report(30, 100)
  meter.follow((news) => told.push(news))
  meter.say('b.bin')
  expect(told).toEqual([{ message: 'a.bin', increment: 30 }, { message: 'b.bin' }])
})
