import { beforeEach, describe, expect, test } from '@jest/globals'
import { FilePath, type Job, type NewJob, Problem } from '@karvdash/common'
import { createJobs, type Jobs } from './jobs.ts'
import { noticesOfTest, type ShownNotice } from './testing.ts'
import { type Place, Transfers } from './transfers.ts'

const place = (domain: Place['domain'], path: string) => ({ domain, path: FilePath.parse(path) })

function jobOf(job: NewJob, changes: Partial<Job> = {}): Job {
  const done = { entries: 0, bytes: 0 }
  return { id: 'f'.repeat(20), phase: 'finished', createdAt: '', done, dropped: 0, ...job, ...changes }
}

let shown: ShownNotice[]
let started: NewJob[]
let announced: unknown[]
let ends: Partial<Job>
let looks: Partial<Job>[]
let mayReplace: boolean
let transfers: Transfers

beforeEach(() => {
  const notices = noticesOfTest()
  shown = notices.shown
  ;[started, announced, ends, looks, mayReplace] = [[], [], {}, [], true]
  const jobs: Jobs = {
    async start(job) {
      started.push(job)
      if (job.onConflict === 'refuse' && job.entries[0]?.path === 'taken')
        throw new Problem(409, 'Conflict', { extra: { code: 'entry-exists' } })
      return jobOf(job)
    },
    async follow(job, { onProgress }) {
      for (const look of looks) onProgress({ ...job, ...look })
      return { ...job, ...ends }
    },
  }
  transfers = new Transfers({
    jobs,
    open: notices.open,
    sentenceOf: (failure) => (failure as Problem).title,
    mayReplace: async () => mayReplace,
    announce: (domain, change) => announced.push([domain, change]),
  })
})

describe('what is copied or moved', () => {
  test('inside a domain has another path, and open documents go along', async () => {
    await transfers.put('move', [place('local', 'a/x')], place('local', 'b'))
    expect(announced).toEqual([['local', { from: 'a/x', to: 'b/x' }]])
  })

  test('between domains comes there and goes here', async () => {
    await transfers.put('move', [place('local', 'a/x')], place('shared', ''))
    expect(announced).toEqual([
      ['shared', { to: 'x' }],
      ['local', { from: 'a/x' }],
    ])
  })

  test('has the name that the server gave it', async () => {
    ends = { entries: [{ ...place('local', 'x'), name: 'x (2)' }] }
    expect(await transfers.copyOne(place('local', 'x'), place('local', ''))).toBe('x (2)')
    expect(announced).toEqual([['local', { to: 'x (2)' }]])
  })

  test('and is there already is not moved', async () => {
    await transfers.put('move', [place('local', 'a/x')], place('local', 'a'))
    expect(started).toEqual([])
  })

  test('goes in several jobs where it is much', async () => {
    await transfers.put(
      'copy',
      Array.from({ length: 150 }, (_, index) => place('local', `n${index}`)),
      place('shared', ''),
    )
    expect(started.map(({ entries }) => entries.length)).toEqual([100, 50])
  })

  test('replaces what has its name only when somebody says so', async () => {
    mayReplace = false
    await transfers.put('move', [place('local', 'taken')], place('shared', ''))
    expect(started.map(({ onConflict }) => onConflict)).toEqual(['refuse'])
    mayReplace = true
    await transfers.put('move', [place('local', 'taken')], place('shared', ''))
    expect(started.map(({ onConflict }) => onConflict)).toEqual(['refuse', 'refuse', 'replace'])
  })
})

describe('a job', () => {
  test('that is over soon is not worth a word', async () => {
    looks = [{ phase: 'copying' }]
    await transfers.put('copy', [place('local', 'x')], place('shared', ''))
    expect(shown).toEqual([])
  })

  test('that takes longer tells how far it is', async () => {
    const half = { phase: 'copying' as const, done: { entries: 1, bytes: 50 }, total: { entries: 2, bytes: 100 } }
    looks = [{ phase: 'queued' }, half, { phase: 'removing' }]
    await transfers.put('move', [place('local', 'd/x')], place('shared', 'e'))
    expect(shown[0]?.said).toEqual(['Moving x to /shared/e: 50 %', 'Moving x to /shared/e: removes the originals'])
    looks = [{ phase: 'queued' }, { phase: 'copying', done: { entries: 1, bytes: 0 }, total: { entries: 4, bytes: 0 } }]
    await transfers.put('copy', [place('local', 'empty')], place('shared', ''))
    expect(shown[1]?.said).toEqual(['Copying empty to /shared: 25 %'])
    expect(shown[0]?.end).toEqual(['success', 'x is moved to /shared/e.'])
  })

  test('that fails, is cancelled or left something out says so in any case', async () => {
    ends = { phase: 'failed', detail: 'The disk is full.' }
    await transfers.put('copy', [place('local', 'x')], place('shared', ''))
    ends = { phase: 'cancelled' }
    await transfers.put('copy', [place('local', 'x')], place('shared', ''))
    ends = { dropped: 2 }
    await transfers.put('copy', [place('local', 'x')], place('shared', ''))
    expect(shown.map(({ end }) => end)).toEqual([
      ['error', 'x is not copied. The disk is full.'],
      ['info', 'Cancelled: x is not copied.'],
      ['warning', 'x is copied to /shared. 2 FIFOs, sockets or devices were left out.'],
    ])
    expect(announced).toHaveLength(1)
  })
})

describe('following a job', () => {
  const job = jobOf(
    { kind: 'copy', entries: [place('local', 'x')], to: place('shared', ''), onConflict: 'rename' },
    { phase: 'queued' },
  )

  /** A server that answers with one of these after the other. */
  function follow(answers: (Job['phase'] | number)[], cancelAt = Number.POSITIVE_INFINITY) {
    const calls: string[] = []
    const controller = new AbortController()
    const waits: number[] = []
    const call = async ({ method }: { method: string }) => {
      calls.push(method)
      const answer = method === 'GET' ? answers.shift() : 204
      if (method === 'GET' && typeof answer === 'number') throw new Problem(answer, 'Not now')
      return { ...job, phase: answer }
    }
    const wait = async (ms: number) => {
      if (waits.push(ms) === cancelAt) controller.abort()
    }
    const { signal } = controller
    const client = { call } as unknown as Parameters<typeof createJobs>[0]
    return { calls, waits, ended: createJobs(client).follow(job, { signal, wait, onProgress: () => undefined }) }
  }

  test('looks often at first, and goes on after the network failed', async () => {
    const { ended, waits } = follow(['queued', 'copying', 503, 503, 'copying', 'finished'])
    expect((await ended).phase).toBe('finished')
    expect(waits).toEqual([150, 350, 500, 1000, 1000, 1000])
  })

  test('cancels it once, and tells how that ended', async () => {
    const { ended, calls } = follow(['copying', 'copying', 'cancelled'], 2)
    expect((await ended).phase).toBe('cancelled')
    expect(calls).toEqual(['GET', 'DELETE', 'GET', 'GET'])
  })

  test('ends where nobody may look any more', async () => {
    await expect(follow([401]).ended).rejects.toMatchObject({ status: 401 })
  })
})
