import { expect, test } from '@jest/globals'
import type { AuditEntry } from '@karvdash/common'
import type { Added } from '../book.ts'
import { createRegistryEvents } from './events.ts'

const digest = `sha256:${'a'.repeat(64)}`
const push = {
  id: 'e1',
  timestamp: '2026-01-01T00:00:00.123456789Z',
  action: 'push',
  target: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: 7,
    digest,
    repository: 'alice/app',
    tag: '1',
    url: 'x',
  },
  request: { id: 'r', addr: '192.0.2.1:4711', host: 'registry', method: 'PUT' },
  actor: { name: 'alice' },
  source: { addr: 'registry:5000' },
}

function setUp() {
  const noted: Added[] = []
  const forgotten: string[] = []
  const entries: AuditEntry[] = []
  const take = createRegistryEvents({
    book: {
      note: async (added) => void noted.push(added),
      forget: async (repository, of) => void forgotten.push(`${repository}@${of}`),
    },
    record: (entry) => void entries.push(entry),
  })
  return { noted, forgotten, entries, take: (...events: unknown[]) => take({ events }) }
}

test('who pushed which tag is noted, and stands in the audit log', async () => {
  const { noted, entries, take } = setUp()
  await take(push)
  expect(noted).toEqual([{ repository: 'alice/app', by: 'alice', tags: [{ tag: '1', digest }] }])
  expect(entries).toEqual([
    {
      ...{ at: push.timestamp, id: 'e1', user: 'alice', via: 'registry', operation: 'PUT /v2/manifests' },
      ...{ target: 'alice/app:1', address: '192.0.2.1', status: 201 },
    },
  ])
})

test('what was deleted is forgotten, and stands in the audit log', async () => {
  const { forgotten, entries, take } = setUp()
  await take({ ...push, action: 'delete', target: { repository: 'alice/app', digest }, actor: { name: 'root' } })
  expect(forgotten).toEqual([`alice/app@${digest}`])
  expect(entries).toMatchObject([{ user: 'root', operation: 'DELETE /v2/manifests', target: `alice/app@${digest}` }])
})

test('what the platform does itself, what has no tag, and what is not understood is left alone', async () => {
  const { noted, forgotten, entries, take } = setUp()
  const { tag: _, ...untagged } = push.target
  await take({ ...push, actor: { name: 'karvdash' } }, { ...push, target: untagged }, { ...push, action: 'pull' }, null, 'x', {})
  await take({ ...push, target: { ...push.target, repository: '../x' } }, { ...push, target: { ...push.target, tag: 'a b' } })
  await createRegistryEvents({ book: { note: fail, forget: fail }, record: fail })('nonsense')
  expect({ noted, forgotten, entries }).toEqual({ noted: [], forgotten: [], entries: [] })
})

function fail(): never {
  throw new Error('nothing was to be done')
}
