import { expect, test } from '@jest/globals'
import { valuesFor } from './install.ts'

test('the chart is told the address, the folders and the very image', () => {
  const node = { domain: 'k.test', httpsPort: 8443, domainsFolder: '/data/domains', registryUrl: 'http://10.0.0.2:5001' }
  expect(valuesFor(node, 'docker.io/karvdash/backend:abc')).toMatchObject({
    image: { repository: 'docker.io/karvdash/backend', tag: 'abc' },
    domain: 'k.test',
    publicPort: 8443,
    domains: { shared: { hostPath: '/data/domains/shared' } },
  })
})
