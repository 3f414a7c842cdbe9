import { describe, expect, test } from '@jest/globals'
import { hostOf, ownerOfHost, serviceOrigin } from './hosts.ts'

const other = { serviceDomain: 'apps.example.org', publicPort: 8443 }
const usual = { serviceDomain: 'apps.example.org', publicPort: 443 }

describe('a Host header', () => {
  test.each([
    ['lab-alice.apps.example.org:8443', 'lab', 'alice'],
    ['my-lab-2-alice.apps.example.org:8443', 'my-lab-2', 'alice'],
    [`${'x'.repeat(57)}-alice.apps.example.org:8443`, 'x'.repeat(57), 'alice'],
  ])('%s names the service and, behind the last hyphen, its owner', (header, service, user) => {
    expect(ownerOfHost(header, other)).toEqual({ service, user, host: header.replace(':8443', '') })
  })

  test.each([
    ['lab-alice.apps.example.org', 'its port is missing'],
    ['lab-alice.apps.example.org:443', 'its port is another'],
    ['lab-alice.apps.example.org:08443', 'its port is written in another way'],
    ['lab-alice.apps.example.org:8443:8443', 'it has two ports'],
    ['lab-alice.apps.example.org.:8443', 'it ends with a dot'],
    ['LAB-alice.apps.example.org:8443', 'it is in upper case'],
    ['lab-alice.APPS.example.org:8443', 'its domain is in upper case'],
    ['lab-alice.evil.org:8443', 'it is of another domain'],
    ['lab-alice.notapps.example.org:8443', 'it is of a domain that ends alike'],
    ['lab-aliceapps.example.org:8443', 'it has no dot before the domain'],
    ['x.lab-alice.apps.example.org:8443', 'it is deeper'],
    ['apps.example.org:8443', 'it has no service'],
    ['.apps.example.org:8443', 'its label is empty'],
    ['-alice.apps.example.org:8443', 'its service is empty'],
    ['lab-.apps.example.org:8443', 'its user is empty'],
    ['alice.apps.example.org:8443', 'it has no hyphen'],
    ['lab--alice.apps.example.org:8443', 'its service ends with a hyphen'],
    ['1lab-alice.apps.example.org:8443', 'its service begins with a digit'],
    ['lab-1alice.apps.example.org:8443', 'its user begins with a digit'],
    ['xn--lab-älice.apps.example.org:8443', 'it is not ASCII'],
    [`${'x'.repeat(58)}-alice.apps.example.org:8443`, 'its label is longer than a DNS label'],
    ['a@lab-alice.apps.example.org:8443', 'it has userinfo'],
    ['lab-alice.apps.example.org:8443, x', 'it has two values'],
    ['', 'it is empty'],
  ])('%j names nobody: %s', (header) => {
    expect(ownerOfHost(header, other)).toBeUndefined()
  })

  test('may leave out the port that browsers leave out, or have it', () => {
    expect(ownerOfHost('lab-alice.apps.example.org', usual)).toBeDefined()
    expect(ownerOfHost('lab-alice.apps.example.org:443', usual)).toBeDefined()
    expect(ownerOfHost('lab-alice.apps.example.org:8443', usual)).toBeUndefined()
  })
})

test('the host of a service is read back as that service', () => {
  const owner = { service: 'my-lab', user: 'alice' }
  const host = hostOf(owner, usual)
  expect(ownerOfHost(host, usual)).toEqual({ ...owner, host })
  expect(serviceOrigin(host, usual)).toBe('https://my-lab-alice.apps.example.org')
  expect(serviceOrigin(host, other)).toBe('https://my-lab-alice.apps.example.org:8443')
})
