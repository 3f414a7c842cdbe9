import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { addHosts, removeHosts, withBlock, withoutBlock } from './hosts.ts'

const hosts = '127.0.0.1 localhost\n# mine\n10.0.0.1\tprinter\n'

test('the names of an instance stand in a block of its own', () => {
  expect(withBlock(hosts, 'default', ['a.localhost', 'b.localhost'])).toBe(
    `${hosts}# karvdash default begin\n127.0.0.1 a.localhost b.localhost\n# karvdash default end\n`,
  )
})

test('taking the block out leaves every other byte', () => {
  expect(withoutBlock(withBlock(hosts, 'default', ['a']), 'default')).toBe(hosts)
})

test('adding twice leaves one block, with the later names', () => {
  const twice = withBlock(withBlock(hosts, 'default', ['old']), 'default', ['later'])
  expect(twice).toBe(withBlock(hosts, 'default', ['later']))
})

test('instances have their own blocks, also when one name begins like another', () => {
  const both = withBlock(withBlock(hosts, 'test', ['a']), 'test-two', ['b'])
  expect(withoutBlock(both, 'test')).toBe(withBlock(hosts, 'test-two', ['b']))
})

test('a file without a last newline is not glued to the block', () => {
  expect(withBlock('127.0.0.1 localhost', 'x', ['a'])).toContain('localhost\n# karvdash x begin\n')
})

test('a block whose end someone removed is left to them', () => {
  const broken = `${hosts}# karvdash x begin\n127.0.0.1 a\n`
  expect(withoutBlock(broken, 'x')).toBe(broken)
})

test('the file is changed and changed back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-hosts-'))
  const file = join(folder, 'hosts')
  await writeFile(file, hosts)
  await addHosts('x', ['a'], file)
  expect(await readFile(file, 'utf8')).toBe(withBlock(hosts, 'x', ['a']))
  await removeHosts('x', file)
  expect(await readFile(file, 'utf8')).toBe(hosts)
  await rm(folder, { recursive: true })
})
