import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract } from '@karvdash/common'
import { run as runProgram } from '@karvdash/local/command'
import { type Login, type RegistryClients, registryClients } from '../support/registry-clients.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

const run = Date.now().toString(36)
const layerBytes = 6_000_000
let system: System
let clients: RegistryClients
let admin: Client
let alice: Login

beforeAll(async () => {
  system = await openSystem()
  clients = await registryClients(system)
  admin = clientOf(system, system.admin)
  alice = await activeUser(system, `rs${run}`)
  await clients.crane(alice, 'auth', 'login', '-u', alice.username, '-p', alice.password, system.node.registry)
}, 240_000)
afterAll(async () => {
  await clients?.stop()
  await system?.close()
})

/** Pushes an image of one layer of its own; gives its digest. */
async function push(name: string): Promise<string> {
  const content = join(clients.folder, name)
  await writeFile(content, randomBytes(layerBytes))
  const layer = `${content}.tar`
  await runProgram('tar', ['-cf', layer, '-C', clients.folder, name])
  const reference = `${system.node.registry}/${alice.username}/${name}:1`
  await clients.crane(alice, 'append', '-f', layer, '-t', reference)
  return (await clients.crane(alice, 'digest', reference)).trim()
}

async function stored(): Promise<number> {
  const [bytes = ''] = (await runProgram('du', ['-sb', system.node.imagesFolder])).split('\t')
  return Number(bytes)
}

test('an administrator deletes an image and has its space freed; every other image stays', async () => {
  const [gone, kept] = [await push('gone'), await push('kept')]
  const one = { repository: `${alice.username}/gone`, tag: '1' }
  const told = await admin.call(contract.listImageTags, { query: { repository: one.repository } })
  expect(told.items).toMatchObject([{ tag: '1', digest: gone, storedBytes: expect.any(Number) }])
  expect(told.items[0]?.storedBytes).toBeGreaterThan(layerBytes)
  expect(await admin.call(contract.getImageUses, { query: one })).toEqual({ digest: gone, tags: [], services: [] })
  await admin.call(contract.deleteImage, { query: { ...one, digest: gone } })
  const before = await stored()
  await admin.call(contract.freeImageSpace)
  await expect(admin.call(contract.freeImageSpace)).rejects.toMatchObject({ status: 409 })
  await until('the space to be free', async () => (await stored()) < before - layerBytes, 90_000)
  const reference = `${system.node.registry}/${alice.username}/kept:1`
  await until('the registry to answer', async () => (await clients.crane(alice, 'digest', reference)).trim() === kept, 60_000)
  await clients.crane(alice, 'validate', '--remote', reference)
  const found = await admin.call(contract.listRepositories, { query: { search: alice.username } })
  expect(found.items.map(({ name }) => name)).toEqual([`${alice.username}/kept`])
}, 240_000)
