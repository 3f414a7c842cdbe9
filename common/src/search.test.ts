import { expect, test } from '@jest/globals'
import { isFound } from './search.ts'

test.each([
  ['', true],
  ['kaf', true],
  ['BROKERS kafka', true],
  ['  ', true],
  ['zeppelin', false],
  ['kafka zeppelin', false],
])('a template is looked for by words of its name and description: %j', (search, expected) => {
  expect(isFound('Kafka Brokers that keep messages', search)).toBe(expected)
})
