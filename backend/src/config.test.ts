import { describe, expect, test } from '@jest/globals'
import { originOf, readConfig } from './config.ts'

const domains = (local = '/data/local') =>
  JSON.stringify({ local: { hostPath: local }, remote: { hostPath: '/data/remote' }, shared: { hostPath: '/data/shared' } })
const least = {
  KARVDASH_DOMAIN: 'karvdash.example.org',
  KARVDASH_DOMAINS: domains(),
}

describe('the configuration', () => {
  test('needs the domain and the folders; everything else has a default', () => {
    expect(readConfig(least)).toMatchObject({
      domain: 'karvdash.example.org',
      serviceDomain: 'karvdash.example.org',
      publicPort: 443,
      namespace: 'karvdash',
      backings: { local: { hostPath: '/data/local' }, shared: { hostPath: '/data/shared' } },
      firstUid: 20_000,
    })
  })

  test('takes an empty variable for one that is not there', () => {
    expect(readConfig({ ...least, KARVDASH_PUBLIC_PORT: '', KARVDASH_SERVICE_DOMAIN: '' })).toMatchObject({
      publicPort: 443,
      serviceDomain: 'karvdash.example.org',
    })
  })

  test('has a registry where kind, host and address are told, and says which of them is missing', () => {
    const registry = { KARVDASH_REGISTRY_KIND: 'external', KARVDASH_REGISTRY_HOST: 'registry.example.org:8443' }
    const url = { KARVDASH_REGISTRY_URL: 'https://harbor.example.org/' }
    expect(readConfig(least).registry).toBeUndefined()
    expect(readConfig({ ...least, ...registry, ...url, KARVDASH_REGISTRY_USERNAME: 'robot' }).registry).toEqual({
      ...{
        kind: 'external',
        host: 'registry.example.org:8443',
        url: 'https://harbor.example.org',
        username: 'robot',
        password: '',
      },
    })
    expect(() => readConfig({ ...least, ...registry })).toThrow('KARVDASH_REGISTRY_URL: must be set where there is a registry')
  })

  test('takes what bounds users as JSON, whatever is not in it is empty', () => {
    const { bounds } = readConfig({
      ...least,
      KARVDASH_QUOTA: '{"pods": 100, "requests.cpu": "32"}',
      KARVDASH_NETWORK: '{"blockedCidrs": ["10.0.0.0/8"]}',
    })
    expect(bounds).toEqual({
      quota: { pods: '100', 'requests.cpu': '32' },
      limits: { default: {}, defaultRequest: {} },
      network: { ingressNamespaces: [], ingressCidrs: [], blockedCidrs: ['10.0.0.0/8'], allowedCidrs: [] },
    })
  })

  test('tells every complaint at once, each with its variable', () => {
    const wrong = {
      ...least,
      KARVDASH_DOMAIN: 'Not a host',
      KARVDASH_PUBLIC_PORT: 'https',
      KARVDASH_DOMAINS: domains('data'),
    }
    const complaint = () => readConfig({ ...wrong, KARVDASH_FIRST_UID: '1' })
    expect(complaint).toThrow(/KARVDASH_DOMAIN: must be a host name/)
    expect(complaint).toThrow(/KARVDASH_PUBLIC_PORT/)
    expect(complaint).toThrow(/KARVDASH_DOMAINS.local.hostPath: must be an absolute path/)
    expect(complaint).toThrow(/KARVDASH_FIRST_UID/)
  })

  test.each([
    ['KARVDASH_REGISTRY_KIND', 'cloud'],
    ['KARVDASH_REGISTRY_HOST', 'https://registry.example.org'],
    ['KARVDASH_REGISTRY_URL', 'https://registry.example.org/v2/'],
    ['KARVDASH_REGISTRY_URL', 'https://robot:secret@registry.example.org'],
    ['KARVDASH_REGISTRY_USERNAME', 'robot'],
    ['KARVDASH_DOMAINS', domains('/data/../etc')],
    ['KARVDASH_DOMAINS', domains('/')],
    ['KARVDASH_DOMAINS', '{}'],
    ['KARVDASH_DOMAINS', 'local=/data'],
    ['KARVDASH_PUBLIC_PORT', '0'],
    ['KARVDASH_PUBLIC_PORT', '65536'],
    ['KARVDASH_FIRST_UID', '999'],
    ['KARVDASH_NAMESPACE', 'Karvdash'],
    ['KARVDASH_LOG_LEVEL', 'loud'],
    ['KARVDASH_QUOTA', 'pods=1'],
    ['KARVDASH_QUOTA', '{"pods": null}'],
    ['KARVDASH_NETWORK', '{"blockedCidrs": "10.0.0.0/8"}'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConfig({ ...least, [name]: value })).toThrow(name)
  })
})

test('the origin leaves out the port that browsers leave out', () => {
  expect(originOf({ domain: 'a.org', publicPort: 443 })).toBe('https://a.org')
  expect(originOf({ domain: 'a.org', publicPort: 8443 })).toBe('https://a.org:8443')
})
