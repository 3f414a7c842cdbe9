import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

const user = `lo${Date.now().toString(36)}`
let system: System

beforeAll(async () => {
  system = await openSystem()
}, 60_000)
afterAll(() => system?.close())

test('40 launches and deletes in a row leave not one object, endpoint or process behind', async () => {
  const client = clientOf(system, await activeUser(system, user))
  const namespace = `karvdash-${user}`
  const inventory = async () => {
    const kinds =
      'pods,deployments,replicasets,services,endpointslices,ingresses,configmaps,secrets,servicerecords,persistentvolumeclaims'
    return (await system.kubectl('get', kinds, '-n', namespace, '-o', 'name')).trim().split('\n').sort()
  }
  const processes = async () =>
    (await system.node.nsenter('ps', ['-eo', 'comm'])).split('\n').filter((name) => name.includes('nginx')).length
  const before = { objects: await inventory(), processes: await processes() }
  for (let n = 0; n < 40; n++) {
    const { name } = await client.call(contract.launchService, { body: { template: 'hello', name: `round${n}` } })
    // Each second one is deleted while it starts.
    if (n % 2 === 0)
      await until(
        `${name} to run`,
        async () => (await client.call(contract.getService, { params: { service: name } })).state === 'Running',
      )
    await client.call(contract.deleteService, { params: { service: name } })
  }
  await until('everything to be gone', async () => JSON.stringify(await inventory()) === JSON.stringify(before.objects), 120_000)
  expect(await processes()).toBe(before.processes)
}, 900_000)
