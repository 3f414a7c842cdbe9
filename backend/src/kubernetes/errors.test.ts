import { describe, expect, test } from '@jest/globals'
import { isAway, KubeError } from './errors.ts'

const answered = (message: string, status = 500) => new KubeError(status, { message }, 'PATCH /x')
const untyped = 'failed to create typed patch object (karvdash-alice/lab; apps/v1, Kind=Deployment): '

describe('fields that a kind has not', () => {
  test('are the object\u2019s fault, each told where it is', () => {
    const error = answered(`${untyped}.spec.template.spec.hostNet: field not declared in schema`)
    expect([isAway(error), error.status]).toEqual([false, 422])
    expect(error.causes).toEqual([{ field: 'spec.template.spec.hostNet', message: 'field not declared in schema' }])
  })

  test('may be many', () => {
    const many = 'errors:\n  .spec.a: field not declared in schema\n  .spec.b[0]: expected string, got &value'
    expect(answered(untyped + many).causes.map(({ field }) => field)).toEqual(['spec.a', 'spec.b[0]'])
  })
})

test('any other failure of the API server is its own', () => {
  expect(isAway(answered('etcdserver: request timed out'))).toBe(true)
  expect(answered(`${untyped}.spec.a: x`, 403).status).toBe(403)
})
