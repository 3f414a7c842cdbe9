import { beforeEach, expect, test } from '@jest/globals'
import { noticesOfTest, type ShownNotice } from './testing.ts'
import { Declined, type Sending, Uploads } from './uploads.ts'

interface Sent {
  signal: AbortSignal
  onProgress: (sent: number) => void
  succeed: () => void
  fail: (failure: unknown) => void
}

let shown: ShownNotice[]
let uploads: Uploads
let sent: Map<string, Sent>

beforeEach(() => {
  const notices = noticesOfTest()
  shown = notices.shown
  uploads = new Uploads({ open: notices.open, sentenceOf: (failure) => String(failure) })
  sent = new Map()
})

function upload(name: string, size = 100): Promise<unknown> {
  const send: Sending<string>['send'] = ({ signal, onProgress }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
      sent.set(name, { signal, onProgress, succeed: () => resolve(name), fail: reject })
    })
  return uploads.run({ name, size, send }).catch((failure: unknown) => failure)
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('one notification tells how far all files are, and that they are there', async () => {
  const all = [upload('a', 300), upload('b', 100)]
  sent.get('a')?.onProgress(150)
  expect(shown[0]?.said.at(-1)).toBe('Uploading 2 files: 37 %')
  sent.get('b')?.succeed()
  await settled()
  expect(shown[0]?.said.at(-1)).toBe('Uploading 2 files: 62 %')
  sent.get('a')?.succeed()
  await Promise.all(all)
  expect(shown).toHaveLength(1)
  expect(shown[0]?.end).toEqual(['success', '2 files are uploaded.'])
  expect(uploads.isBusy).toBe(false)
})

test('two are sent at a time, the others wait for their turn', async () => {
  const all = ['a', 'b', 'c'].map((name) => upload(name))
  await settled()
  expect([...sent.keys()]).toEqual(['a', 'b'])
  sent.get('a')?.succeed()
  await settled()
  expect([...sent.keys()]).toEqual(['a', 'b', 'c'])
  for (const name of ['b', 'c']) sent.get(name)?.succeed()
  await Promise.all(all)
})

test('what is cancelled ends all of them, those that wait too', async () => {
  const all = ['a', 'b', 'c'].map((name) => upload(name))
  await settled()
  shown[0]?.cancel()
  await Promise.all(all)
  expect(sent.has('c')).toBe(false)
  expect(shown[0]?.end).toEqual(['info', 'Cancelled: 0 of 3 files are uploaded.'])
})

test('the others go on where one fails, and the first reason is told', async () => {
  const all = [upload('a'), upload('b')]
  await settled()
  sent.get('a')?.fail('It is full.')
  sent.get('b')?.succeed()
  await Promise.all(all)
  expect(shown[0]?.end).toEqual(['error', '1 of 2 files is not uploaded. It is full.'])
})

test('what somebody did not want to replace is no error', async () => {
  const one = upload('a')
  await settled()
  sent.get('a')?.fail(new Declined())
  await one
  expect(shown[0]?.end).toEqual(['info', 'a is not uploaded.'])
})

test('a long name leaves room for how far it is', async () => {
  void upload(`${'a'.repeat(200)}.parquet`)
  await settled()
  sent.values().next().value?.onProgress(50)
  expect(shown[0]?.said.at(-1)).toBe(`Uploading ${'a'.repeat(20)}\u2026${'a'.repeat(12)}.parquet: 50 %`)
})

test('what is sent while a folder is walked is told of together, also where nothing is under way for a moment', async () => {
  await uploads.together('data', async (signal) => {
    for (const name of ['a', 'b']) {
      const one = upload(name)
      await settled()
      sent.get(name)?.succeed()
      await one
    }
    expect(signal.aborted).toBe(false)
  })
  expect(shown.map(({ end }) => end)).toEqual([['success', '2 files are uploaded.']])
})
