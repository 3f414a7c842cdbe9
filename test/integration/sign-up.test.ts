import { stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { run } from '@karvdash/local/command'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activate, activeUser, type Person, password, signedInAdmin, signedUp, visitor } from '../support/people.ts'

let cluster: Cluster
let backend: Backend
let admin: Person

beforeAll(async () => {
  cluster = await startCluster('sign-up')
  backend = await cluster.backend()
  admin = await signedInAdmin(backend)
}, 60_000)
afterAll(() => cluster?.stop())

const field = (pointer: string) => ({ status: 400, body: { errors: [expect.objectContaining({ pointer })] } })
const draft = { username: 'nobodyyet', password, email: 'nobody@example.org' }

describe('signing up', () => {
  test('makes an inactive user, who cannot sign in and has no namespace', async () => {
    const una = await signedUp(backend, 'una')
    const refusal = await una.send('POST', '/api/session', { username: 'una', password })
    expect(refusal).toMatchObject({ status: 401, cookies: [] })
    expect(refusal.text).toContain('not active')
    const namespaces = await cluster.kubectl('get', 'namespaces', '-o', 'name')
    expect(namespaces).not.toContain('karvdash-una')
  })

  test('keeps the password as a hash in a Secret of the system namespace alone', async () => {
    await signedUp(backend, 'hal')
    const encoded = await cluster.kubectl('get', 'secret', 'account.hal', '-n', 'karvdash', '-o', 'jsonpath={.data.account}')
    const account = Buffer.from(encoded, 'base64').toString()
    expect(account).toContain('$argon2id$v=19$')
    expect(account).not.toContain(password)
    expect(await cluster.kubectl('get', 'user', 'hal', '-o', 'json')).not.toContain('argon2')
  })

  test('refuses a name that is taken, and leaves its owner as they were', async () => {
    const owner = await activeUser(backend, 'tina', admin)
    const thief = { username: 'tina', password: 'another password', email: 'thief@example.org' }
    expect(await visitor(backend).send('POST', '/api/users', thief)).toMatchObject({ status: 409 })
    expect((await owner.send('GET', '/api/session')).body).toMatchObject({ user: { email: 'tina@example.org' } })
    expect(await visitor(backend).send('POST', '/api/session', { username: 'tina', password: 'another password' })).toMatchObject(
      {
        status: 401,
      },
    )
  })

  test('one of many who want the same name at once gets it, with their own password', async () => {
    const rivals = Array.from({ length: 6 }, (_, n) => ({ email: `r${n}@example.org`, password: `the password of ${n}` }))
    const answers = await Promise.all(
      rivals.map((rival) => visitor(backend).send('POST', '/api/users', { username: 'rival', ...rival })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409])
    const winner = rivals[answers.findIndex(({ status }) => status === 201)]
    expect(await cluster.kubectl('get', 'user', 'rival', '-o', 'jsonpath={.spec.email}')).toBe(winner?.email)
    await activate(admin, 'rival')
    const signIn = { username: 'rival', password: winner?.password }
    expect(await visitor(backend).send('POST', '/api/session', signIn)).toMatchObject({ status: 200 })
  })

  test('claiming a user whom an administrator made by hand is refused', async () => {
    const made = {
      apiVersion: 'karvdash.io/v1',
      kind: 'User',
      metadata: { name: 'ahead' },
      spec: { active: true, role: 'admin' },
    }
    await cluster.create(made)
    expect(await visitor(backend).send('POST', '/api/users', { ...draft, username: 'ahead' })).toMatchObject({ status: 409 })
  })

  test.each(['admin', 'root', 'system', 'shared', 'local', 'registry', 'public', 'null'])(
    'refuses the reserved name %s',
    async (username) => {
      expect(await visitor(backend).send('POST', '/api/users', { ...draft, username })).toMatchObject(field('/username'))
    },
  )

  test.each([
    ['a username with a hyphen', '/username', { username: 'a-b' }],
    ['a username in upper case', '/username', { username: 'Alice' }],
    ['a username that begins with a digit', '/username', { username: '1a' }],
    ['a username of 31 characters', '/username', { username: 'a'.repeat(31) }],
    ['a username that is a path', '/username', { username: '../etc' }],
    ['a username that is no text', '/username', { username: ['a'] }],
    ['a password of 7 characters', '/password', { password: '1234567' }],
    ['a password of 257 characters', '/password', { password: 'x'.repeat(257) }],
    ['no mail address', '/email', { email: 'nobody' }],
    ['a mail address of 255 characters', '/email', { email: `${'a'.repeat(243)}@example.org` }],
    ['a display name of 101 characters', '/displayName', { displayName: 'x'.repeat(101) }],
    ['a display name with a line break', '/displayName', { displayName: 'a\nb' }],
    ['a role of their own choice', '/role', { role: 'admin' }],
    ['to be active at once', '/active', { active: true }],
  ])('refuses %s and names the field', async (_, pointer, wrong) => {
    expect(await visitor(backend).send('POST', '/api/users', { ...draft, ...wrong })).toMatchObject(field(pointer))
  })
})

describe('activation', () => {
  test('answers when the namespace, its bindings and its folders are there', async () => {
    await signedUp(backend, 'alice')
    const { body } = await activate(admin, 'alice')
    expect(body).toMatchObject({ namespace: 'karvdash-alice', ready: true })
    expect(await cluster.kubectl('get', 'namespace', 'karvdash-alice', '-o', 'jsonpath={.metadata.labels}')).toContain(
      '"karvdash.io/user":"alice"',
    )
    const bound = await cluster.kubectl('get', 'rolebindings', '-n', 'karvdash-alice', '-o', 'jsonpath={.items[*].roleRef.name}')
    expect(bound.split(' ').sort()).toEqual(['cluster-admin', 'karvdash-tenant'])
    expect(await cluster.kubectlAs('alice', 'auth', 'can-i', 'create', 'deployments')).toContain('yes')
    const fileId = Number(await cluster.kubectl('get', 'user', 'alice', '-o', 'jsonpath={.status.uid}'))
    for (const folder of ['local/alice', 'remote/alice']) await expectSharedFolder(`${cluster.domains}/${folder}`, fileId)
    await expectSharedFolder(`${cluster.domains}/shared`, 19_999)
  })

  test('gives many users who are activated at once file ids of their own', async () => {
    const names = Array.from({ length: 8 }, (_, n) => `crowd${n}`)
    await Promise.all(names.map((name) => signedUp(backend, name)))
    await Promise.all(names.map((name) => activate(admin, name)))
    const ids = (await cluster.kubectl('get', 'users', '-o', 'jsonpath={.items[*].status.uid}')).split(' ')
    expect(ids.length).toBeGreaterThanOrEqual(names.length)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('is refused where somebody planted a link in the place of the folder', async () => {
    await signedUp(backend, 'lena')
    await run('ln', ['-s', '/etc', `${cluster.domains}/local/lena`])
    expect(await admin.send('PATCH', '/api/users/lena', { active: true })).toMatchObject({ status: 503 })
    expect((await stat('/etc')).gid).toBe(0)
  })

  test('of nobody is 404, and of an impossible name 400', async () => {
    expect(await admin.send('PATCH', '/api/users/nemo', { active: true })).toMatchObject({ status: 404 })
    expect(await admin.send('PATCH', '/api/users/NO', { active: true })).toMatchObject(field('/path/user'))
  })
})

async function expectSharedFolder(path: string, gid: number): Promise<void> {
  const found = await stat(path)
  expect({ uid: found.uid, gid: found.gid, mode: (found.mode & 0o7777).toString(8) }).toEqual({ uid: 0, gid, mode: '2770' })
  const acl = await run('getfacl', ['--numeric', '--absolute-names', path])
  for (const entry of ['user::rwx', 'group::rwx', `group:${gid}:rwx`, 'mask::rwx', 'other::---'])
    expect(acl).toContain(`default:${entry}`)
}
