import { beforeEach, describe, expect, test } from '@jest/globals'
import { signInLink } from '@karvdash/common'
import type { Standing } from './connection/standing.ts'
import { type Link, linkFollower, serverOf } from './sign-in-link.ts'

const server = 'https://karvdash.example.org:8443'

/** As VS Code hands a link over: it decodes the query once. */
const handed = (link: string): Link => {
  const { pathname: path, search, hash } = new URL(link)
  return { path, query: decodeURIComponent(search.slice(1)), fragment: hash.slice(1) }
}
const asking = (query: string, path = '/sign-in', fragment = ''): Link => ({ path, query, fragment })

describe('a link to sign in', () => {
  test('as the dashboard makes it names the server', () => {
    expect(serverOf(handed(signInLink('vscode', server)))).toBe(server)
    // Through a browser's callback it is encoded twice.
    expect(serverOf(asking(new URL(signInLink('vscode', server)).search.slice(1)))).toBe(server)
  })

  test.each([
    ['with a token', asking(`server=${server}&token=kvd_x`)],
    ['with two servers', asking(`server=${server}&server=https://evil.example`)],
    ['without a server', asking('')],
    ['to another path', asking(`server=${server}`, '/sign-in/now')],
    ['with a fragment', asking(`server=${server}`, '/sign-in', 'token=x')],
    ['to a server that would be sent the token in the clear', asking('server=http://karvdash.example.org')],
    ['to a script', asking('server=javascript:alert(1)')],
    ['to a file', asking('server=file:///etc/passwd')],
    ['whose name hides behind a user', asking('server=https://karvdash.example.org@evil.example')],
    ['to a page instead of a server', asking('server=https://karvdash.example.org/evil')],
    ['without a scheme', asking('server=karvdash.example.org')],
    ['in letters that only look alike', asking('server=https://kаrvdash.example.org')],
    ['with spaces around it', asking('server=%20https://karvdash.example.org')],
  ])('%s is none', (_, link) => expect(serverOf(link)).toBeUndefined())
})

describe('following a link', () => {
  let asked: string[]
  let standing: Standing
  let agreed: boolean
  let isSignedIn: boolean
  let follow: (link: Link) => Promise<void>
  const link = handed(signInLink('vscode', server))

  beforeEach(() => {
    asked = []
    standing = { state: 'signedOut' }
    agreed = true
    isSignedIn = true
    follow = linkFollower({
      standing: async () => standing,
      agree: (to) => {
        asked.push(`agree ${to}`)
        return Promise.resolve(agreed)
      },
      signIn: async (to) => {
        asked.push(`token for ${to}`)
        return isSignedIn
      },
      welcome: (to) => asked.push(`welcome at ${to}`),
      refuse: () => asked.push('refuse'),
    })
  })

  test('asks for a token only of who agreed to sign in to that server', async () => {
    await follow(link)
    expect(asked).toEqual([`agree ${server}`, `token for ${server}`, `welcome at ${server}`])
  })

  test('ends where somebody does not agree, or brings no token', async () => {
    agreed = false
    await follow(link)
    agreed = true
    isSignedIn = false
    await follow(link)
    expect(asked).toEqual([`agree ${server}`, `agree ${server}`, `token for ${server}`])
  })

  test('asks nothing of who is signed in there already, but of who is signed in elsewhere', async () => {
    const user = { name: 'bob', displayName: '', email: '', role: 'user', active: true, ready: true, createdAt: '' } as const
    standing = { state: 'connected', server: { id: 'karvdash.example.org:8443', url: server }, user }
    await follow(link)
    expect(asked).toEqual([`welcome at ${server}`])
    standing = { ...standing, server: { id: 'lab', url: 'https://lab' } }
    agreed = false
    await follow(link)
    expect(asked.slice(1)).toEqual([`agree ${server}`])
  })

  test('a hundred links ask once', async () => {
    agreed = false
    await Promise.all(Array.from({ length: 100 }, () => follow(link)))
    expect(asked).toEqual([`agree ${server}`])
  })

  test('a link that makes no sense is refused, and the one after it is followed', async () => {
    agreed = false
    await follow(asking('server=nonsense'))
    await follow(link)
    expect(asked).toEqual(['refuse', `agree ${server}`])
  })
})
