import { expect, test } from '@jest/globals'
import { Digest, RepositoryName, TagName } from './image-name.ts'

test.each(['alice/app', 'alice/a.b', 'alice/a__b', 'alice/a---b/c', 'library/x1', `a/${'b'.repeat(198)}`])(
  '%j is a repository',
  (name) => {
    expect(RepositoryName.safeParse(name).success).toBe(true)
  },
)

test.each([
  ...[
    '',
    'app',
    '/app',
    'alice/',
    'alice//app',
    'alice/../bob',
    'alice/.',
    'Alice/app',
    'alice/-a',
    'alice/a-',
    'alice/a..b',
    'alice/a___b',
  ],
  ...['alice/a b', 'alice/a\n', 'alice/a:1', 'alice/a@b', 'alice/a%2fb', 'alice/\u00e9', `a/${'b'.repeat(199)}`],
])('attack: %j is no repository', (name) => {
  expect(RepositoryName.safeParse(name).success).toBe(false)
})

test.each(['1', 'latest', '_x', 'v1.2-rc.1', 'A'.repeat(128)])('%j is a tag', (tag) => {
  expect(TagName.safeParse(tag).success).toBe(true)
})

test.each(['', '.a', '-a', 'a/b', 'a:b', 'a b', 'a\n', '\u00e9', 'A'.repeat(129), '..'])('attack: %j is no tag', (tag) => {
  expect(TagName.safeParse(tag).success).toBe(false)
})

test('attack: a digest of another algorithm, length or case is none', () => {
  expect(Digest.safeParse(`sha256:${'a'.repeat(64)}`).success).toBe(true)
  for (const digest of [
    `sha256:${'A'.repeat(64)}`,
    `sha256:${'a'.repeat(63)}`,
    `md5:${'a'.repeat(32)}`,
    `sha256:${'a'.repeat(64)}/..`,
  ])
    expect(Digest.safeParse(digest).success).toBe(false)
})
