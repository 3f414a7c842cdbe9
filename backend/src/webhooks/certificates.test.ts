import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { KubeError } from '../kubernetes/errors.ts'
import { fakeKubernetes } from '../kubernetes/fake.ts'
import { resources } from '../kubernetes/resources.ts'
import { currentCertificates, trustByWebhook } from './certificates.ts'

const config = { namespace: 'karvdash', serviceName: 'karvdash' }
const dayMs = 86_400_000

function setUp() {
  const clock = { now: Date.now() }
  const kubernetes = fakeKubernetes()
  const current = (addresses?: string[]) =>
    currentCertificates({ kubernetes, config, clock: () => clock.now, ...(addresses && { addresses }) })
  return { clock, kubernetes, current }
}

describe('the certificate of the in-cluster endpoint', () => {
  test('is signed by the CA, for the service’s names, for ninety days', async () => {
    const { current, clock } = setUp()
    const { ca, cert, key } = await current()
    const [leaf, authority] = [new X509Certificate(cert), new X509Certificate(ca)]
    expect(leaf.verify(authority.publicKey)).toBe(true)
    expect(leaf.checkHost('karvdash.karvdash.svc')).toBeDefined()
    expect(leaf.checkHost('evil.karvdash.svc')).toBeUndefined()
    expect([leaf.ca, authority.ca]).toEqual([false, true])
    expect((Date.parse(leaf.validTo) - clock.now) / dayMs).toBeCloseTo(90, 0)
    expect(key).toContain('PRIVATE KEY')
  })

  test('is the same for every replica and every start, until a month before its end', async () => {
    const { current, clock } = setUp()
    const first = await current()
    clock.now += 59 * dayMs
    expect(await current()).toEqual(first)
    clock.now += 2 * dayMs
    const renewed = await current()
    expect(renewed.cert).not.toBe(first.cert)
    // Who trusts the CA trusts the new certificate.
    expect(renewed.ca).toBe(first.ca)
    expect(new X509Certificate(renewed.cert).verify(new X509Certificate(first.ca).publicKey)).toBe(true)
  })

  test('is made anew with its CA long before that runs out', async () => {
    const { current, clock } = setUp()
    const first = await current()
    clock.now += (3650 - 170) * dayMs
    expect((await current()).ca).not.toBe(first.ca)
  })

  test('is made anew for an address that it does not have', async () => {
    const { current } = setUp()
    await current()
    expect(new X509Certificate((await current(['127.0.0.1'])).cert).checkIP('127.0.0.1')).toBeDefined()
  })

  test('that another replica made at the same moment is taken from it', async () => {
    const { kubernetes } = setUp()
    const ports = { kubernetes, config }
    const [one, two] = await Promise.all([currentCertificates(ports), currentCertificates(ports)])
    expect(two).toEqual(one)
  })
})

describe('the webhook', () => {
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'karvdash' },
    webhooks: [{ name: 'a', clientConfig: { service: { port: 443 } }, timeoutSeconds: 5 }],
  }
  const trusted = (kubernetes: ReturnType<typeof fakeKubernetes>) => [...kubernetes.stored.values()][0]?.['webhooks']
  const caBundle = Buffer.from('PEM').toString('base64')

  test('is told the CA, and loses nothing else; told again, nothing is written', async () => {
    const kubernetes = fakeKubernetes([[resources.mutatingWebhooks, configuration]])
    await trustByWebhook(kubernetes, 'karvdash', 'PEM')
    await trustByWebhook(kubernetes, 'karvdash', 'PEM')
    expect(trusted(kubernetes)).toEqual([{ name: 'a', clientConfig: { service: { port: 443 }, caBundle }, timeoutSeconds: 5 }])
    expect(kubernetes.calls.filter((call) => call.startsWith('patch'))).toHaveLength(1)
  })

  test('that another replica changes at the same moment is told again', async () => {
    const kubernetes = fakeKubernetes([[resources.mutatingWebhooks, configuration]])
    let isFirst = true
    kubernetes.before = (call) => {
      if (!call.startsWith('patch') || !isFirst) return
      isFirst = false
      throw new KubeError(409, undefined, call)
    }
    await trustByWebhook(kubernetes, 'karvdash', 'PEM')
    expect(trusted(kubernetes)).toMatchObject([{ clientConfig: { caBundle } }])
  })

  test('that is not installed is no fault', async () => {
    await trustByWebhook(fakeKubernetes(), 'karvdash', 'PEM')
  })
})
