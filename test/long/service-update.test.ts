import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Client, contract, type Service } from '@karvdash/common'
import { sleeper } from '../support/sleeper.ts'
import { clientOf, countedUser, openSystem, type System, until } from '../support/system.ts'

let user: string
let system: System
let client: Client

beforeAll(async () => {
  system = await openSystem()
  const somebody = await countedUser(system, 'up')
  user = somebody.username
  client = clientOf(system, somebody)
  await client.call(contract.createTemplate, { body: { source: sleeper } })
  await client.call(contract.launchService, { body: { template: 'sleeper' } })
  await when(({ state }) => state === 'Running')
}, 150_000)
afterAll(() => system?.close())

const when = (isSo: (service: Service) => boolean, limitMs?: number) =>
  until(
    'the service to be so',
    async () => {
      const service = await client.call(contract.getService, { params: { service: 'sleeper' } })
      return isSo(service) && service
    },
    limitMs,
  )
const update = (values: object) =>
  client.call(contract.updateService, { params: { service: 'sleeper' }, body: { values: { ...values } } })
const field = (path: string) =>
  system.kubectl('get', 'servicerecord', 'sleeper', '-n', `karvdash-${user}`, '-o', `jsonpath={${path}}`)
const wordIn = async () => (await system.kubectlAs(user, 'exec', 'deploy/sleeper', '--', 'printenv', 'WORD')).trim()

test('an update that gets ready is kept, and the next one may come', async () => {
  await update({ word: 'second' })
  await until('the update to be kept', async () => (await field('.spec.previous.since')) === '')
  expect(await wordIn()).toBe('second')
})

test('an update whose image is not there is taken back within two minutes, while what ran before goes on, and says why', async () => {
  await update({ image: 'docker.io/library/debian:no-such-tag', word: 'third' })
  expect(await wordIn()).toBe('second')
  const { notice } = await when((service) => service.notice !== undefined, 120_000)
  expect(notice).toMatch(/taken back:.*no-such-tag/)
  await when(({ state }) => state === 'Running')
  expect(await wordIn()).toBe('second')
  expect((await client.call(contract.getServiceLaunch, { params: { service: 'sleeper' } })).values).toMatchObject({
    word: 'second',
  })
}, 200_000)
