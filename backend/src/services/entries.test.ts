import { describe, expect, test } from '@jest/globals'
import { notFound, type Problem, unavailable } from '@karvdash/common'
import type { Root } from '../filesystem/root.ts'
import { createCheckEntries } from './entries.ts'

const types: Record<string, string> = { '': 'folder', data: 'folder', 'data/a.csv': 'file', pipe: 'other', lost: 'link-broken' }
const asked: string[] = []
const check = createCheckEntries({
  open: async (user, domain) => {
    if (domain === 'remote') throw unavailable('The domain "remote"')
    const stat = async (path: string) => {
      asked.push(`${user} ${domain} ${path}`)
      if (!types[path]) throw notFound('entry', path)
      return { type: types[path] }
    }
    return { stat } as unknown as Root
  },
})
/** What the check of one path says. */
async function said(path: string, kind: 'file' | 'folder' = 'folder'): Promise<string | undefined> {
  return check('alice', [{ name: 'place', label: 'Place', kind, path }]).then(
    () => undefined,
    (problem: Problem) => `${problem.status} ${problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`)}`,
  )
}

describe('an entry that a launch names', () => {
  test('is looked for where its user would find it', async () => {
    expect(await said('/local')).toBeUndefined()
    expect(await said('/shared/data')).toBeUndefined()
    expect(await said('/local/data/a.csv', 'file')).toBeUndefined()
    expect(asked).toEqual(['alice local ', 'alice shared data', 'alice local data/a.csv'])
  })

  test.each([
    ['/local/none', 'folder', 'there is none at /local/none'],
    ['/local/data/a.csv', 'folder', 'must be a folder; /local/data/a.csv is a file'],
    ['/local/data', 'file', 'must be a file; /local/data is a folder'],
    ['/local/pipe', 'file', 'neither a file nor a folder'],
    ['/local/lost', 'file', 'a link that leads nowhere'],
  ] as const)('%s as a %s is refused at its field', async (path, kind, words) => {
    expect(await said(path, kind)).toMatch(/^400 \/values\/place Place must be/)
    expect(await said(path, kind)).toContain(words)
  })

  test('in a domain that is away is no fault of its', async () => {
    expect(await said('/remote/x')).toMatch(/^503/)
  })
})
