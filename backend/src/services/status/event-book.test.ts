import { describe, expect, test } from '@jest/globals'
import type { LiveEvent } from './event.ts'
import { readEvent } from './event.ts'
import { createEventBook } from './event-book.ts'

let version = 0
function event(name: string, { object = 'p', namespace = 'karvdash-alice' } = {}): LiveEvent {
  version += 1
  return {
    metadata: { name, namespace, resourceVersion: String(version) },
    ...{ kind: 'Pod', object, uid: object, container: undefined, isWarning: true, reason: 'R', message: '', count: 1, at: '' },
  }
}
const names = (events: LiveEvent[]) => events.map(({ metadata }) => metadata.name)

describe('the book of events', () => {
  test('lists them as they came, one that came again last', () => {
    const book = createEventBook()
    for (const name of ['a', 'b', 'c', 'a']) book.put(event(name))
    expect(names(book.list('karvdash-alice'))).toEqual(['b', 'c', 'a'])
  })

  test('attack: floods leave the newest of each object, namespace and of all', () => {
    const book = createEventBook({ perObject: 3, perNamespace: 5, inAll: 8 })
    book.put(event('quiet', { namespace: 'karvdash-bob' }))
    for (let n = 0; n < 1000; n++) book.put(event(`flood${n}`))
    expect(names(book.list('karvdash-alice'))).toEqual(['flood997', 'flood998', 'flood999'])
    for (let n = 0; n < 1000; n++) book.put(event(`wide${n}`, { object: `p${n}` }))
    expect(book.list('karvdash-alice')).toHaveLength(5)
    expect(names(book.list('karvdash-bob'))).toEqual(['quiet'])
    for (let n = 0; n < 10; n++) book.put(event('one', { namespace: `karvdash-m${n}` }))
    expect(book.list()).toHaveLength(8)
  })

  test('becomes what a list says, in the order of its versions, and forgets what is not in it', () => {
    const book = createEventBook()
    const [first, second, third] = [event('first'), event('second'), event('third')]
    book.put(first)
    const heard: string[] = []
    book.onChange(({ name, object }) => heard.push(`${name} ${object ? 'came' : 'went'}`))
    book.become([third, second])
    expect(names(book.list())).toEqual(['second', 'third'])
    expect(heard).toEqual(['first went', 'second came', 'third came'])
    book.drop(third)
    expect(names(book.list())).toEqual(['second'])
  })
})

describe('an event', () => {
  const object = (more: object) => ({
    ...{
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'karvdash-alice' },
      type: 'Warning',
      reason: 'Failed',
    },
    ...{ involvedObject: { kind: 'Pod', name: 'p', uid: 'u', fieldPath: 'spec.initContainers{prepare}' }, message: 'm' },
    ...more,
  })

  test('is kept with what a status needs of it', () => {
    expect(readEvent(object({ count: 3, lastTimestamp: '2026-01-01T09:00:00Z' }))).toMatchObject({
      container: 'prepare',
      count: 3,
      at: '2026-01-01T09:00:00Z',
      isWarning: true,
    })
  })

  test('of a series tells when it was last seen', () => {
    expect(readEvent(object({ eventTime: 'a', series: { count: 9, lastObservedTime: 'b' } }))).toMatchObject({
      count: 9,
      at: 'b',
    })
  })

  test.each([
    ['elsewhere', { metadata: { name: 'e', namespace: 'kube-system' } }],
    ['about a node', { involvedObject: { kind: 'Node', name: 'n' } }],
    ['about nothing', { involvedObject: 7 }],
  ])('%s is not kept', (_, more) => {
    expect(readEvent(object(more))).toBeUndefined()
  })

  test('attack: of a megabyte is kept as a line of a thousand characters', () => {
    expect(readEvent(object({ message: 'x\n'.repeat(500_000), reason: 'y'.repeat(100_000) }))).toMatchObject({
      message: expect.stringMatching(/^(x )+x$/),
    })
    expect(
      JSON.stringify(readEvent(object({ message: 'x'.repeat(1_000_000), reason: 'y'.repeat(100_000) })))?.length,
    ).toBeLessThan(1_600)
  })
})
