import { describe, expect, test } from '@jest/globals'
import { gaugeOf } from './gauge.ts'

const memory = { resource: 'memory', label: 'Memory', used: '2Gi', limit: '8Gi', free: '6Gi' }

describe('a gauge', () => {
  test('tells what is used, and what a launch asks for', () => {
    expect(gaugeOf(memory, '512Mi')).toEqual({
      label: 'Memory',
      words: '2Gi used, 512Mi for this one, of 8Gi',
      usedPercent: 25,
      askedPercent: 6.2,
      isTooMuch: false,
    })
  })

  test('tells what is free where that is too little, and its bar ends at the limit', () => {
    expect(gaugeOf(memory, '9Gi')).toMatchObject({
      words: '2Gi used, 9Gi for this one, of 8Gi: only 6Gi free',
      usedPercent: 25,
      askedPercent: 75,
      isTooMuch: true,
    })
  })

  test('tells processors as people count them', () => {
    const cpu = { resource: 'cpu', label: 'Processors', used: '1500m', limit: '32', free: '30500m' }
    expect(gaugeOf(cpu, '250m')).toMatchObject({ words: '1.5 used, 0.25 for this one, of 32' })
  })

  test('is there only for what is asked for, and for what few think of only where it does not suffice', () => {
    const secrets = { resource: 'secrets', label: 'Secrets', used: '50', limit: '50', free: '0' }
    expect(gaugeOf(memory, '0')).toBeUndefined()
    expect(gaugeOf({ ...secrets, free: '9' }, '1')).toBeUndefined()
    expect(gaugeOf(secrets, '1')).toMatchObject({ isTooMuch: true })
  })

  test('attack: amounts that are none are nothing', () => {
    expect(gaugeOf({ ...memory, limit: 'x', used: '' }, '1Gi')).toMatchObject({ usedPercent: 100, askedPercent: 0 })
  })
})
