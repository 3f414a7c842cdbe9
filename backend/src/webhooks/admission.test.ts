import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../config.ts'
import { createAdmission, injectionFor } from './admission.ts'
import { admitted, denied, readReview } from './review.ts'

const config = readConfig({
  KARVDASH_DOMAIN: 'karvdash.test',
  KARVDASH_DOMAINS: '{"local": {"hostPath": "/l"}, "remote": {"hostPath": "/r"}, "shared": {"hostPath": "/s"}}',
})
const review = (change: object = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'u1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    namespace: 'karvdash-alice',
    operation: 'CREATE',
    object: {},
    ...change,
  },
})

describe('an AdmissionReview', () => {
  test('is read, and more than is asked for is no matter', () => {
    expect(readReview(review({ userInfo: {}, options: null }))).toEqual({
      uid: 'u1',
      kind: 'Pod',
      namespace: 'karvdash-alice',
      object: {},
    })
    expect(readReview(review({ operation: 'DELETE', object: null }))).toMatchObject({ object: {} })
  })

  test.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ ...review(), apiVersion: 'admission.k8s.io/v1beta1' }],
    [{ ...review(), kind: 'Pod' }],
    [review({ uid: '' })],
    [review({ uid: 5 })],
    [review({ kind: 'Pod' })],
    [review({ operation: 'PATCH' })],
    [review({ object: 'x' })],
  ])('that is none is 400: %j', (body) => {
    expect(() => readReview(body)).toThrow(expect.objectContaining({ status: 400 }))
  })

  test('is answered by what differs, and by nothing where nothing does', () => {
    const request = { uid: 'u1', kind: 'Pod', namespace: 'x', object: { a: 1, b: [1] } }
    expect(admitted(request, { a: 1, b: [1] })).toEqual(expect.objectContaining({ response: { uid: 'u1', allowed: true } }))
    const { response } = admitted(request, { a: 1, b: [1, 2] }) as { response: { patch: string; patchType: string } }
    expect(response.patchType).toBe('JSONPatch')
    expect(JSON.parse(Buffer.from(response.patch, 'base64').toString())).toEqual([{ op: 'add', path: '/b/1', value: 2 }])
    expect(denied('u1', 503, 'why')).toMatchObject({
      response: { uid: 'u1', allowed: false, status: { code: 503, message: 'why' } },
    })
  })
})

describe('admission', () => {
  const away = async () => []

  test('warns whoever makes a pod of a domain that is away', async () => {
    const admit = createAdmission({ config, fileIdOf: async () => 20_001, away: async () => ['remote'] })
    const answer = await admit(readReview(review({ object: { spec: { containers: [] } } })))
    expect(answer).toMatchObject({ response: { allowed: true, warnings: [expect.stringContaining('/remote is away')] } })
  })
  const admit = (change: object, fileId: number | undefined = 20_001) =>
    createAdmission({ config, away, fileIdOf: async () => fileId })(readReview(review(change))) as Promise<{ response: object }>
  const pod = { spec: { containers: [] } }

  test.each(['default', 'karvdash', 'karvdash-', 'karvdash-a-b', 'karvdash-Alice', ''])(
    'leaves the namespace %j alone, which is no user’s',
    async (namespace) => {
      expect((await admit({ namespace, object: pod }, undefined)).response).toEqual({ uid: 'u1', allowed: true })
    },
  )

  test('keeps a pod out whose user has no folders yet, and says to try again', async () => {
    const answer = await createAdmission({ config, away, fileIdOf: async () => undefined })(readReview(review({ object: pod })))
    expect(answer).toMatchObject({
      response: { allowed: false, status: { code: 503, message: expect.stringContaining('Try again') } },
    })
  })

  test('denies in words what cannot be injected, and does not hide a fault of its own', async () => {
    expect((await admit({ object: {} })).response).toMatchObject({ allowed: false, status: { code: 422 } })
    const broken = createAdmission({ config, away, fileIdOf: () => Promise.reject(new Error('a bug')) })
    await expect(broken(readReview(review({ object: pod })))).rejects.toThrow('a bug')
  })

  test('gives each user the folders of that user alone', () => {
    expect(injectionFor('alice', 20_001, config)).toMatchObject({
      sources: {
        local: { hostPath: { path: '/l/alice' } },
        remote: { hostPath: { path: '/r/alice' } },
        shared: { hostPath: { path: '/s' } },
      },
      groups: [20_001, 19_999],
    })
  })
})
