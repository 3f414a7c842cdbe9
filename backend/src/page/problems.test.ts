import { describe, expect, test } from '@jest/globals'
import { conflict, invalid, Problem, unavailable } from '@karvdash/common'
import { isAway, placeErrors, placeFailure, sentenceOf } from './problems.ts'

const pointers = ['/name', '/values/memory', '/values/cpu']

describe('errors at their fields', () => {
  test('an error stands at the field it points at, any other below the form', () => {
    const errors = [
      { pointer: '/values/memory', detail: 'Memory must be less.' },
      { pointer: '/template', detail: 'There is no such template.' },
    ]
    expect(placeErrors(errors, pointers)).toEqual({
      fields: new Map([['/values/memory', 'Memory must be less.']]),
      rest: ['There is no such template.'],
    })
  })

  test('a pointer into a field is that field’s, one that only begins alike is not', () => {
    const { fields, rest } = placeErrors(
      [
        { pointer: '/values/cpu/0', detail: 'inside' },
        { pointer: '/values/memoryLimit', detail: 'another' },
      ],
      pointers,
    )
    expect([...fields]).toEqual([['/values/cpu', 'inside']])
    expect(rest).toEqual(['another'])
  })

  test('the first of several errors of a field is shown', () => {
    const errors = ['first', 'second'].map((detail) => ({ pointer: '/name', detail }))
    expect(placeErrors(errors, pointers).fields.get('/name')).toBe('first')
  })
})

describe('failures', () => {
  test('a problem with errors is told at the fields', () => {
    expect(placeFailure(invalid([{ pointer: '/name', detail: 'No.' }]), pointers)).toEqual({
      fields: new Map([['/name', 'No.']]),
      rest: [],
    })
  })

  test('a problem without errors is told as a whole', () => {
    expect(placeFailure(conflict('You have one already.'), pointers).rest).toEqual(['You have one already.'])
    expect(sentenceOf(new Problem(500, 'Something went wrong'))).toBe('Something went wrong.')
  })

  test('a bug of the page tells nothing of itself', () => {
    expect(sentenceOf(new TypeError('x is undefined'))).not.toContain('undefined')
  })

  test('the platform is away when it, or the proxy before it, says so', () => {
    expect([unavailable('Karvdash'), new Problem(502, 'HTTP 502'), new Problem(504, 'Gateway Timeout')].every(isAway)).toBe(true)
    expect([new Problem(500, 'x'), new Problem(502, 'Unexpected answer'), new Error('x')].some(isAway)).toBe(false)
  })
})
