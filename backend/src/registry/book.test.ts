import { describe, expect, test } from '@jest/globals'
import { KubeError } from '../kubernetes/errors.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { createStore } from '../kubernetes/store.ts'
import { createBook } from './book.ts'
import { type Noted, nameOfLeaf, withTags } from './book-record.ts'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const a1 = { tag: '1', digest: digest('a') }

describe('what is noted of a repository', () => {
  const noted = (tag: string, letter = 'a'): Noted => ({
    tag,
    digest: digest(letter),
    by: 'alice',
    at: '2026-01-01T00:00:00.000Z',
  })

  test('replaces what was noted of the same tags', () => {
    const before = { repository: 'alice/app', tags: [noted('1'), noted('2')] }
    expect(withTags(before, 'alice/app', [noted('2', 'b')]).tags).toEqual([noted('2', 'b'), noted('1')])
  })

  test('attack: is no more than the newest 200 tags, in a Secret whose name says nothing', () => {
    const before = { repository: 'alice/app', tags: Array.from({ length: 200 }, (_, at) => noted(`t${at}`)) }
    const { tags } = withTags(before, 'alice/app', [noted('new')])
    expect([tags.length, tags[0]?.tag, tags.at(-1)?.tag]).toEqual([200, 'new', 't198'])
    expect(nameOfLeaf('alice/app')).toMatch(/^image\.[0-9a-f]{32}$/)
  })
})

describe('the book', () => {
  const open = () => {
    const kubernetes = fakeKubernetes()
    const namespace = 'karvdash'
    const store = createStore()
    const secrets = { ...store, caughtUp: async () => kubernetes.stored.forEach(store.put) }
    const errors: unknown[] = []
    const book = createBook({ kubernetes, namespace, secrets, onError: (error) => errors.push(error), clock: () => 0 })
    return { kubernetes, book, errors }
  }
  const leafOf = ({ stored }: ReturnType<typeof fakeKubernetes>) =>
    [...stored.values()].map((secret) =>
      JSON.parse(Buffer.from(String((secret['data'] as Record<string, string>)['image']), 'base64').toString()),
    )

  test('is written again where another replica came between', async () => {
    const { kubernetes, book, errors } = open()
    await book.note({ repository: 'alice/app', by: 'alice', tags: [a1] })
    kubernetes.before = (call) => {
      if (!call.startsWith('replace')) return
      kubernetes.before = () => undefined
      throw new KubeError(409, { reason: 'Conflict' }, call)
    }
    await book.note({ repository: 'alice/app', by: 'bob', tags: [{ tag: '2', digest: digest('b') }] })
    expect(leafOf(kubernetes)).toEqual([
      {
        repository: 'alice/app',
        tags: [
          { tag: '2', digest: digest('b'), by: 'bob', at: '1970-01-01T00:00:00.000Z' },
          { ...a1, by: 'alice', at: '1970-01-01T00:00:00.000Z' },
        ],
      },
    ])
    expect(errors).toEqual([])
  })

  test('forgets what is deleted, and a repository of which nothing is left', async () => {
    const { kubernetes, book } = open()
    await book.note({ repository: 'alice/app', by: 'alice', tags: [a1, { tag: '2', digest: digest('b') }] })
    await book.forget('alice/app', a1.digest)
    expect(leafOf(kubernetes)).toMatchObject([{ tags: [{ tag: '2' }] }])
    await book.forget('alice/app', digest('b'))
    expect(kubernetes.stored.size).toBe(0)
    await book.forget('alice/unknown', a1.digest)
  })

  test('is a memo: an image is there although it cannot be noted', async () => {
    const { kubernetes, book, errors } = open()
    kubernetes.before = () => {
      throw new KubeError(500, undefined, 'GET')
    }
    await book.note({ repository: 'alice/app', by: 'alice', tags: [a1] })
    expect(errors).toHaveLength(1)
  })
})
