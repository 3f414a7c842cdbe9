import { describe, expect, test } from '@jest/globals'
import { EntryProblemCode, Problem } from '@karvdash/common'
import { faultOf, isMissing, missing } from './fault.ts'

const problem = (status: number, code?: string) =>
  new Problem(status, 'A title', { detail: 'A sentence for people.', ...(code !== undefined && { extra: { code } }) })

describe('a failure in VS Code’s terms', () => {
  test.each([
    [problem(404, 'entry-missing'), 'FileNotFound'],
    [problem(404), 'FileNotFound'],
    [problem(409, 'entry-exists'), 'FileExists'],
    [problem(409, 'not-a-folder'), 'FileNotADirectory'],
    [problem(409, 'is-a-folder'), 'FileIsADirectory'],
    [problem(403, 'no-permission'), 'NoPermissions'],
    [problem(401), 'NoPermissions'],
    [problem(403), 'NoPermissions'],
    [problem(429), 'Unavailable'],
    [problem(503, 'domain-away'), 'Unavailable'],
    [problem(500), 'Unavailable'],
    [problem(507, 'disk-full'), 'Unknown'],
    [problem(412, 'entry-changed'), 'Unknown'],
    [problem(409, 'a code of the future'), 'Unknown'],
    [new TypeError('terminated'), 'Unavailable'],
  ])('%# is %s', (failure, kind) => expect(faultOf(failure).kind).toBe(kind))

  test('keeps the sentence of the server, and never shows a stranger’s', () => {
    expect(faultOf(problem(507, 'disk-full')).message).toBe('A sentence for people.')
    expect(faultOf(new TypeError('terminated')).message).toMatch(/Try again/)
  })

  test('is "missing" for what is missing alone', () => {
    const codes = EntryProblemCode.options.filter((code) => isMissing(problem(409, code)))
    expect(codes.toSorted()).toEqual(['entry-missing', 'link-broken', 'not-a-folder'])
    expect(isMissing(missing('a/b'))).toBe(true)
  })
})
