import { describe, expect, test } from '@jest/globals'
import { conflict, invalid, Problem, tooMany, unavailable } from './problem.ts'

const answer = (body: string, status = 400, statusText = '') => new Response(body, { status, statusText })

describe('a Problem', () => {
  test.each([
    invalid([{ pointer: '/a', detail: 'A is wrong.' }]),
    conflict('You have one.', { service: 'lab', url: 'https://lab' }),
    tooMany('Wait.', 7),
    new Problem(404, 'Not found'),
    new Problem(409, 'Conflict', { extra: { flag: true } }),
  ])('is the same after it was sent: %s', async (problem) => {
    const read = await Problem.fromResponse(answer(JSON.stringify(problem), problem.status))
    expect(JSON.stringify(read)).toBe(JSON.stringify(problem))
    expect(read.extra).toEqual(problem.extra)
  })

  test('tells its cause to whoever debugs, and to nobody else', () => {
    const problem = unavailable('The cluster', new Error('connect ECONNREFUSED 10.0.0.1'))
    expect(problem.cause).toBeInstanceOf(Error)
    expect(JSON.stringify(problem)).not.toContain('ECONNREFUSED')
  })

  test.each(['', '<html>Bad gateway</html>', '[]', 'null', '{}', '{"title":5,"status":"x"}', '{"title":"x"}'])(
    'is made of any answer, such as %j, by its status',
    async (body) => {
      expect(await Problem.fromResponse(answer(body, 502, 'Bad Gateway'))).toMatchObject({
        status: 502,
        title: 'Bad Gateway',
        errors: undefined,
      })
      expect((await Problem.fromResponse(answer(body, 502))).title).toBe('HTTP 502')
    },
  )

  test('keeps no extension that is not plain', async () => {
    const { extra } = await Problem.fromResponse(answer('{"title":"x","status":400,"a":1,"b":{},"c":null,"d":"e"}'))
    expect(extra).toEqual({ a: 1, d: 'e' })
  })
})
