import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { recordObject } from '@karvdash/backend/services/recorded'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { activeUser } from '../support/people.ts'
import { serviceWhen } from '../support/services.ts'
import { until } from '../support/until.ts'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster('interrupted-launch')
}, 60_000)
afterAll(() => cluster?.stop())

test('a launch that was killed between its record and its Secret is shown, reported as failed after half a minute, and can be deleted', async () => {
  const backend = await cluster.backend()
  const person = await activeUser(backend, 'kim')
  await cluster.create(
    recordObject({ name: 'half', namespace: 'karvdash-kim', template: 'hello', digest: '', values: {}, path: '/', objects: [] }),
  )
  await serviceWhen(person, 'half', ({ state }) => state === 'Queued')
  const failed = await until(() => serviceWhen(person, 'half', ({ state }) => state === 'Failed'), 90_000)
  expect(failed.reason).toBe('The launch was interrupted. Delete this service and launch it again.')
  expect(await person.send('DELETE', '/api/services/half')).toMatchObject({ status: 204 })
  await until(async () => (await person.send('GET', '/api/services/half')).status === 404)
}, 150_000)
