import { describe, expect, test } from '@jest/globals'
import { FilePath, type Session } from '@karvdash/common'
import { hashOf, nextTarget, parseRoute } from './routes.ts'

const sessionOf = (role: 'user' | 'admin'): Session => ({
  csrf: 'token',
  user: {
    name: 'alice',
    displayName: '',
    email: 'alice@example.org',
    role,
    active: true,
    ready: true,
    createdAt: '2026-01-01T00:00:00Z',
  },
})

describe('the way back after signing in', () => {
  test('is the way into a service', () => {
    expect(nextTarget(`?next=${encodeURIComponent('/enter?host=jupyterlab-alice.example.org&path=/lab')}`)).toBe(
      '/enter?host=jupyterlab-alice.example.org&path=/lab',
    )
  })

  test.each([
    ['https://evil.example/enter?host=a'],
    ['//evil.example/enter?'],
    ['/\\evil.example/enter?'],
    ['\\/enter?'],
    ['/enter'],
    ['/enter/../?x'],
    ['/entered?host=a'],
    [' /enter?host=a'],
    ['\t/enter?host=a'],
    ['/%65nter?host=a'],
    ['/ENTER?host=a'],
    ['javascript:alert(1)//enter?'],
    [''],
  ])('is not an open redirect: %j', (next) => {
    expect(nextTarget(`?next=${encodeURIComponent(next)}`)).toBeUndefined()
  })

  test('stays on this origin whatever follows', () => {
    for (const rest of ['//evil.example', '\\\\evil.example', '@evil.example', '\n//evil.example']) {
      expect(
        URL.parse(nextTarget(`?next=${encodeURIComponent(`/enter?${rest}`)}`) ?? '', 'https://karvdash.example')?.origin,
      ).toBe('https://karvdash.example')
    }
  })

  test('is nothing where nothing is asked for', () => {
    expect(nextTarget('')).toBeUndefined()
  })
})

describe('routes', () => {
  test.each([
    [{ screen: 'services' }],
    [{ screen: 'account' }],
    [{ screen: 'users' }],
    [{ screen: 'audit' }],
    [{ screen: 'platform' }],
    [{ screen: 'password', code: 'a.b+c/d=' }],
    [{ screen: 'connect-editor' }],
    [{ screen: 'connect-editor', asked: { request: 'a.b+c/d=' } }],
    [{ screen: 'connect-editor', asked: { code: 'BCDF-GHJK' } }],
    [{ screen: 'launch', template: 'jupyterlab' }],
    [{ screen: 'launch', template: 'a b/ü' }],
    [{ screen: 'launch', template: 'kafka', saved: 'my-kafka' }],
    [{ screen: 'service', service: 'hello' }],
    [{ screen: 'service', service: 'hello-x2', part: 'logs' }],
    [{ screen: 'service', service: 'hello', part: 'terminal' }],
    [{ screen: 'service', service: 'hello', part: 'update' }],
    [{ screen: 'service', service: 'hello', part: 'logs', pod: 'hello-5b.6c', container: 'web' }],
    [{ screen: 'images' }],
    [{ screen: 'images', repository: 'alice/deep/app' }],
    [{ screen: 'templates', home: 'own' }],
    [{ screen: 'templates', home: 'platform' }],
    [{ screen: 'template', home: 'own' }],
    [{ screen: 'template', home: 'own', id: 'mine' }],
    [{ screen: 'template', home: 'platform', from: 'jupyterlab' }],
  ] as const)('come back from their hash: %j', (route) => {
    expect(parseRoute(hashOf(route), sessionOf('admin'))).toEqual(route)
  })

  test.each([
    '',
    '#',
    '#/',
    '#/nothing',
    '#/account/more',
    '#/launch',
    '#/launch/',
    '#/launch/a/b',
    '#/services/',
    '#/services/A',
    '#/services/a/b/c',
  ])('%j is the start', (hash) => {
    expect(parseRoute(hash, sessionOf('admin'))).toEqual({ screen: 'services' })
  })

  test.each(['', 'a', 'a b/100%/#?&', '\u202egnp/caf\uefe9', 'line\nbreak'])('a folder comes back: %j', (path) => {
    const route = { screen: 'files', domain: 'shared', path: FilePath.parse(path) } as const
    expect(parseRoute(hashOf(route), undefined)).toEqual(route)
  })

  test.each(['#/files', '#/files/', '#/files/nowhere', '#/files/local/a//b', '#/files/local/..', '#/files/local/%2e%2e/bob'])(
    'what names no folder is the root of a domain: %s',
    (hash) => {
      expect(parseRoute(hash, undefined)).toEqual({ screen: 'files', domain: 'local', path: '' })
    },
  )

  test('a template that is no valid escape is taken as it stands', () => {
    expect(parseRoute('#/launch/%E0', undefined)).toEqual({ screen: 'launch', template: '%E0' })
  })

  test.each(['#/users', '#/audit', '#/platform'])('%s is for administrators alone', (hash) => {
    expect(parseRoute(hash, sessionOf('user'))).toEqual({ screen: 'services' })
  })

  test('attack: an address that names no repository leads to all images', () => {
    for (const name of ['alice', 'alice/../bob', 'Alice/app', 'alice/%2e%2e/x'])
      expect(parseRoute(`#/images/${name}`, sessionOf('user'))).toEqual({ screen: 'images' })
  })

  test('templates for everybody are for administrators alone', () => {
    expect(parseRoute('#/templates?home=platform', sessionOf('user'))).toEqual({ screen: 'templates', home: 'own' })
  })

  test('a link to choose a password, and an editor’s request, are for everybody', () => {
    for (const hash of ['#/password?code=x', '#/connect-editor?request=x'])
      expect(parseRoute(hash, undefined)).toEqual(parseRoute(hash, sessionOf('user')))
  })

  test('why the institute did not sign somebody in is told to nobody who is signed in', () => {
    const route = { screen: 'external', why: 'taken' } as const
    expect(parseRoute(hashOf(route), undefined)).toEqual(route)
    expect(parseRoute(hashOf(route), sessionOf('user'))).toEqual({ screen: 'services' })
  })

  test('whoever is signed in does not sign up', () => {
    expect(parseRoute('#/sign-up', sessionOf('user'))).toEqual({ screen: 'services' })
    expect(parseRoute('#/sign-up', undefined)).toEqual({ screen: 'sign-up' })
  })
})
