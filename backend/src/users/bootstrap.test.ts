import { describe, expect, test } from '@jest/globals'
import { KubeError } from '../kubernetes/errors.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { ensureFirstAdmin, sessionKey } from './bootstrap.ts'
import type { Users } from './users.ts'

const secret = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'karvdash' },
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
})

describe('the key of sessions', () => {
  test('is made once, of 32 random bytes, and the same for every replica', async () => {
    const kubernetes = fakeKubernetes()
    const [one, two] = await Promise.all([sessionKey(kubernetes, 'karvdash'), sessionKey(kubernetes, 'karvdash')])
    expect(one).toHaveLength(32)
    expect(two).toEqual(one)
    expect(await sessionKey(fakeKubernetes(), 'karvdash')).not.toEqual(one)
  })

  test('is not made while nobody can tell whether there is one', async () => {
    const kubernetes = fakeKubernetes()
    kubernetes.before = (call) => {
      throw new KubeError(500, undefined, call)
    }
    await expect(sessionKey(kubernetes, 'karvdash')).rejects.toThrow('500')
  })
})

describe('the first admin', () => {
  const made = async (data?: Record<string, string>) => {
    const asked: object[] = []
    const users: Pick<Users, 'ensureFirstAdmin'> = { ensureFirstAdmin: async (admin: object) => void asked.push(admin) }
    const kubernetes = fakeKubernetes(data ? [[resources.secrets, secret('karvdash-first-admin', data)]] : [])
    await ensureFirstAdmin(kubernetes, users, 'karvdash')
    return asked
  }

  test('is whom the installation names, also by a reserved name', async () => {
    expect(await made({ username: 'admin', password: 'long enough' })).toEqual([{ username: 'admin', password: 'long enough' }])
  })

  test('is nobody where the installation names nobody', async () => {
    expect(await made()).toEqual([])
  })

  test.each([
    { username: 'Admin', password: 'long enough' },
    { username: 'admin', password: 'short' },
    { username: 'admin' } as Record<string, string>,
    {},
  ])('is refused at start where it cannot be: %j', async (data) => {
    await expect(made(data as Record<string, string>)).rejects.toThrow()
  })
})
