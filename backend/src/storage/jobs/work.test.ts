import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { NewJob } from '@karvdash/common'
import { breakGround, type Ground } from '../../filesystem/root-ground.ts'
import { holdJob } from '../../jobs/hold.ts'
import type { JobStore } from '../../jobs/store.ts'
import { KubeError } from '../../kubernetes/errors.ts'
import { checked } from './check.ts'
import { isCancellable, type JobRecord, newRecord } from './record.ts'
import { type OpenDomain, openSite } from './site.ts'
import { copyAll, renameAll } from './work.ts'

let ground: Ground
const here = (name: string) => join(ground.inside, name)

beforeEach(async () => {
  ground = await breakGround()
  for (const folder of ['a/b', 'goal']) mkdirSync(here(folder), { recursive: true })
  for (const name of ['a/1', 'a/b/2', 'file']) writeFileSync(here(name), name)
})
afterEach(async () => {
  expect(await ground.harm()).toEqual([])
  expect(await ground.parts()).toEqual([])
  await ground.remove()
})

/** `shared` has other owners, so that what goes there is copied. */
const open: OpenDomain = async (_user, domain) => ({
  root: ground.root,
  mayBring: async () => undefined,
  owner: { uid: 20_001, gid: domain === 'shared' ? 20_000 : 20_001 },
})

/** A store in memory, of one job; its writes fail from the given one on. */
function storeOf(
  record: JobRecord,
  failsFrom = Number.POSITIVE_INFINITY,
): JobStore<JobRecord> & { now: JobRecord; failsFrom: number } {
  let version = 0
  let writes = 0
  const store = {
    now: structuredClone(record),
    failsFrom,
    all: () => [],
    get: async () => ({ record: structuredClone(store.now), version: String(version) }),
    create: async () => ({ record, version: '0' }),
    async replace({ record: next, version: from }: { record: JobRecord; version: string | undefined }) {
      if (writes++ >= store.failsFrom) throw new Error('dead')
      if (from !== String(version)) throw new KubeError(409, undefined, 'replace')
      store.now = structuredClone(next)
      version += 1
      return { record: next, version: String(version) }
    },
    remove: async () => undefined,
    onChange: () => () => undefined,
  }
  return store
}

async function recordOf(draft: Parameters<typeof NewJob.parse>[0]): Promise<JobRecord> {
  const about = {
    id: 'f'.repeat(20),
    user: 'alice',
    createdAt: new Date(0).toISOString(),
    holder: 'one',
    heldUntil: '',
    isCancelled: false,
  }
  const record = newRecord(NewJob.parse(draft), about)
  using site = await openSite(record, open)
  return { ...record, entries: await checked(record, site, open) }
}

/** As a replica does it. */
async function carryOut(store: ReturnType<typeof storeOf>, holder: string): Promise<void> {
  store.now = { ...store.now, holder }
  const hold = holdJob((await store.get('')) as { record: JobRecord; version: string }, { store, holder, clock: Date.now })
  using site = await openSite(hold.record, open)
  const working = { hold, site, tally: { entries: 0, bytes: 0, dropped: 0 } }
  if (hold.record.kind === 'move' && isCancellable(hold.record.phase)) await renameAll(working)
  if (store.now.phase !== 'finished') await copyAll(working)
}

const found = (folder: string) =>
  execFileSync('find', ['.', '-type', 'f'], { cwd: here(folder) })
    .toString()
    .split('\n')
    .filter(Boolean)
    .sort()

describe.each([
  ['copy', 'shared'],
  ['move', 'shared'],
  ['move', 'local'],
] as const)('a %s to %s', (kind, domain) => {
  const draft = (more = {}) => ({
    kind,
    entries: ['a', 'file'].map((path) => ({ domain: 'local', path })),
    to: { domain, path: 'goal' },
    ...more,
  })

  test.each([0, 1, 2, 3, 4, 5])('that dies at its write number %i is finished by another replica', async (failsFrom) => {
    const store = storeOf(await recordOf(draft()), failsFrom)
    await carryOut(store, 'one').catch((error: unknown) => expect(String(error)).toMatch(/renewed|dead/))
    store.failsFrom = Number.POSITIVE_INFINITY
    if (store.now.phase !== 'finished') await carryOut(store, 'two')
    expect(store.now).toMatchObject({ phase: 'finished', endedAt: expect.any(String) })
    expect(found('goal')).toEqual(['./a/1', './a/b/2', './file'])
    expect(readdirSync(ground.inside)).toEqual(kind === 'move' ? ['goal'] : ['a', 'file', 'goal'])
  })

  test('takes another name where its own is taken at the last moment', async () => {
    const store = storeOf(await recordOf(draft({ onConflict: 'rename' })))
    writeFileSync(here('goal/file'), 'theirs')
    await carryOut(store, 'one')
    expect(store.now.entries.map(({ name }) => name)).toEqual(['a', 'file (2)'])
    expect([readFileSync(here('goal/file'), 'utf8'), readFileSync(here('goal/file (2)'), 'utf8')]).toEqual(['theirs', 'file'])
  })

  test('replaces what is there, a whole folder too', async () => {
    mkdirSync(here('goal/a/old'), { recursive: true })
    mkdirSync(here('goal/file'))
    await carryOut(storeOf(await recordOf(draft({ onConflict: 'replace' }))), 'one')
    expect(found('goal')).toEqual(['./a/1', './a/b/2', './file'])
    expect(readdirSync(here('goal/a'))).not.toContain('old')
  })
})

test('a disk that gets full is told with the numbers, and nothing is left', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', here('goal')])
  try {
    writeFileSync(here('a/large'), Buffer.alloc(6_000_000, 'x'))
    for (const kind of ['copy', 'move'] as const) {
      const store = storeOf(
        await recordOf({ kind, entries: [{ domain: 'local', path: 'a' }], to: { domain: 'local', path: 'goal' } }),
      )
      await expect(carryOut(store, 'one')).rejects.toMatchObject({ status: 507, extra: { code: 'disk-full', needed: 6_000_008 } })
      expect(readdirSync(here('goal'))).toEqual([])
      expect(found('a')).toEqual(['./1', './b/2', './large'])
    }
  } finally {
    execFileSync('umount', [here('goal')])
  }
})

test('a move to another file system copies, and then takes the originals away', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', here('goal')])
  try {
    const store = storeOf(
      await recordOf({ kind: 'move', entries: [{ domain: 'local', path: 'a' }], to: { domain: 'local', path: 'goal' } }),
    )
    await carryOut(store, 'one')
    expect([store.now.phase, found('goal'), readdirSync(ground.inside)]).toEqual([
      'finished',
      ['./a/1', './a/b/2'],
      ['file', 'goal'],
    ])
  } finally {
    execFileSync('umount', [here('goal')])
  }
})
