import { expect, test } from '@jest/globals'
import { imageValues, valuesFor } from './install.ts'

test('the chart is told the address, the folders and the very image', () => {
  const addresses = { domain: 'k.test', serviceDomain: 's.test', httpsPort: 8443 }
  const node = { ...addresses, domainsFolder: '/data/domains', imagesFolder: '/data/images' }
  expect(imageValues('docker.io/karvdash/backend:abc')).toEqual({ repository: 'docker.io/karvdash/backend', tag: 'abc' })
  expect(valuesFor(node)).toMatchObject({
    domain: 'k.test',
    serviceDomain: 's.test',
    publicPort: 8443,
    domains: { shared: { hostPath: '/data/domains/shared' } },
    registry: { inCluster: { enabled: true, persistence: { hostPath: '/data/images' } } },
  })
})
