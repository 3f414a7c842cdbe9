import { describe, expect, test } from '@jest/globals'
import { locate, uriPathOf } from './location.ts'

describe('an address', () => {
  test.each(['/', '', '//'])('"%s" is the root', (path) => expect(locate(path)).toEqual({ kind: 'root' }))

  test.each(['/local', '/local/', '/local//'])('"%s" is a domain', (path) =>
    expect(locate(path)).toEqual({ kind: 'entry', domain: 'local', path: '' }),
  )

  test('of the workspace file is known, and no folder of that name', () => {
    expect(locate('/karvdash.code-workspace')).toEqual({ kind: 'workspace' })
    expect(locate('/karvdash.code-workspace/x')).toEqual({ kind: 'nowhere' })
  })

  test.each(['/private', '/.vscode/settings.json', '/LOCAL/a'])('"%s" is nowhere', (path) =>
    expect(locate(path)).toEqual({ kind: 'nowhere' }),
  )

  test.each(['a b', 'a%20b', '100%', 'a#b', 'what?', 'a:b', '🚀', 'é'.repeat(127), 'a\\b', ' ', '...'])(
    'holds the name "%s" as it is',
    (name) => {
      expect(locate(`/shared/x/${name}`)).toEqual({ kind: 'entry', domain: 'shared', path: `x/${name}` })
      expect(locate(uriPathOf('shared', name))).toEqual({ kind: 'entry', domain: 'shared', path: name })
    },
  )

  test.each(['x'.repeat(256), '🚀'.repeat(64), '.karvdash-part-1'])('that no file can have says why: %s', (name) =>
    expect(locate(`/local/${name}`)).toEqual({ kind: 'impossible', reason: expect.stringMatching(/name/i) }),
  )
})
