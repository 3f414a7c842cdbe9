import { expect, test } from '@jest/globals'
import { rootFor } from './domains.ts'

const config = { domainsFolder: '/domains', firstUid: 20_000 }
const alice = { user: 'alice', fileId: 20_007 }

test("a user sees their own folder of local and remote, and the one that is everybody's", () => {
  const own = { uid: 20_007, gid: 20_007 }
  expect(rootFor(alice, 'local', config)).toEqual({ folder: '/domains/local/alice', view: '/local', owner: own })
  expect(rootFor(alice, 'remote', config)).toEqual({ folder: '/domains/remote/alice', view: '/remote', owner: own })
  expect(rootFor(alice, 'shared', config)).toEqual({
    folder: '/domains/shared',
    view: '/shared',
    owner: { uid: 20_007, gid: 19_999 },
  })
})

test.each(['', '.', '..', '../bob', 'a/b', 'Alice', 'a\0'])('%j is nobody who has a folder', (user) => {
  expect(() => rootFor({ user, fileId: 1 }, 'local', config)).toThrow()
})
