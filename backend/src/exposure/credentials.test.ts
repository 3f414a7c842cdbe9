import { describe, expect, test } from '@jest/globals'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { createCredentials } from './credentials.ts'

const owner = { user: 'alice', service: 'lab' }
const secret = (authorization: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'lab.karvdash', namespace: 'karvdash-alice' },
  data: { manifest: '', authorization: Buffer.from(authorization).toString('base64') },
})

describe('the credentials of a service', () => {
  test('are read once in half a minute, also when many ask at once', async () => {
    const clock = { now: 0 }
    const kubernetes = fakeKubernetes([[resources.secrets, secret('token x')]])
    const credentialsOf = createCredentials(kubernetes, () => clock.now)
    const many = await Promise.all([1, 2, 3].map(() => credentialsOf(owner, 'u1')))
    expect(many).toEqual(['token x', 'token x', 'token x'])
    clock.now = 29_999
    await credentialsOf(owner, 'u1')
    expect(kubernetes.calls).toHaveLength(1)
    clock.now = 30_000
    await credentialsOf(owner, 'u1')
    expect(kubernetes.calls).toHaveLength(2)
  })

  test('are those of this launch, not of one before it under the same name', async () => {
    const kubernetes = fakeKubernetes([[resources.secrets, secret('token old')]])
    const credentialsOf = createCredentials(kubernetes)
    expect(await credentialsOf(owner, 'u1')).toBe('token old')
    await kubernetes.replace(resources.secrets, secret('token new'))
    expect(await credentialsOf(owner, 'u2')).toBe('token new')
  })

  test('that are not there yet are looked for again', async () => {
    const kubernetes = fakeKubernetes()
    const credentialsOf = createCredentials(kubernetes)
    expect(await credentialsOf(owner, 'u1')).toBeUndefined()
    await kubernetes.create(resources.secrets, secret('token x'))
    expect(await credentialsOf(owner, 'u1')).toBe('token x')
  })

  test('that could not be read are looked for again', async () => {
    const kubernetes = fakeKubernetes([[resources.secrets, secret('token x')]])
    const credentialsOf = createCredentials(kubernetes)
    kubernetes.before = () => {
      throw new Error('away')
    }
    await expect(credentialsOf(owner, 'u1')).rejects.toThrow('away')
    kubernetes.before = () => undefined
    expect(await credentialsOf(owner, 'u1')).toBe('token x')
  })

  test.each(['token x\r\nX-Karvdash-User: admin', 'a\nb', ' begins with a space', '', 'x'.repeat(2000), 'täken'])(
    'that a tenant made into %j are not handed over',
    async (authorization) => {
      const credentialsOf = createCredentials(fakeKubernetes([[resources.secrets, secret(authorization)]]))
      expect(await credentialsOf(owner, 'u1')).toBeUndefined()
    },
  )

  test('that a tenant took out of the Secret are none, and no fault', async () => {
    const empty = { ...secret(''), data: { authorization: ['x'] } }
    expect(await createCredentials(fakeKubernetes([[resources.secrets, empty]]))(owner, 'u1')).toBeUndefined()
  })
})
