import { describe, expect, test } from '@jest/globals'
import { createSigner } from './signer.ts'

const signer = createSigner(Buffer.alloc(32, 1))

describe('a signed statement', () => {
  test('holds for its own purpose alone', () => {
    const text = signer.sign('ticket', { a: 1 })
    expect(signer.verify('ticket', text)).toEqual({ a: 1 })
    expect(signer.verify('session', text)).toBeUndefined()
  })

  test('cannot be made of a purpose and a text that run into one another', () => {
    const [text = '', signature = ''] = signer.sign('ab', {}).split('.')
    expect(signer.verify('a', `b${text}.${signature}`)).toBeUndefined()
  })
})
