import { expect, test } from '@jest/globals'
import { isNewEnough, moduleVersion } from './binaries.ts'

test.each([
  ['go version go1.25.0 linux/amd64', true],
  ['go version go1.26.8 linux/amd64', true],
  ['go version go2.0 linux/amd64', true],
  ['go version go1.24.9 linux/amd64', false],
  ['go version go1.19 linux/amd64', false],
  ['no Go', false],
])('%s is new enough: %s', (answer, expected) => {
  expect(isNewEnough(answer)).toBe(expected)
})

test('versions are read from the modules that are compiled', async () => {
  expect(await moduleVersion('traefik', 'github.com/traefik/traefik/v3')).toMatch(/^v3\./)
  expect(await moduleVersion('coredns', 'github.com/coredns/coredns')).toMatch(/^v1\./)
  await expect(moduleVersion('helm', 'example.org/none')).rejects.toThrow('does not name')
})
