import { describe, expect, test } from '@jest/globals'
import type { Service } from '@karvdash/common'
import { contextOf, wordsOf } from './service-words.ts'

const service: Service = { name: 'hello', template: 'hello', createdAt: '2026-01-01', state: 'Running', reason: 'It runs.' }

describe('a service in the view', () => {
  test.each<[Partial<Service>, string]>([
    [{ url: 'https://hello-bob.example.org' }, 'open;copy-address;stop;restart;update;logs;terminal;delete;'],
    [{ state: 'Stopped' }, 'resume;update;logs;delete;'],
    [{ state: 'Stopped', cause: 'finished' }, 'restart;update;logs;delete;'],
    [{ state: 'Deleting' }, 'logs;'],
  ])('%j is offered what may be done with it, and nothing else', (as, offered) => {
    expect(contextOf({ ...service, ...as })).toBe(offered)
  })

  test('tells where it stands, how far it came, and what its owner should know', () => {
    const steps: Service['steps'] = [
      { step: 'Recorded', at: '2026-01-01T00:00:00Z' },
      { step: 'Pulling', detail: '1 of 2' },
    ]
    const told = wordsOf({
      ...service,
      state: 'Pulling',
      reason: 'Pulling x.',
      steps,
      notice: 'An update was taken back.',
      sharedWith: ['eve'],
    })
    expect(told.text.split('\n')).toEqual([
      'hello (hello)',
      'Pulling the image. Pulling x.',
      'Done: Recorded. Next: Pulling (1 of 2).',
      'An update was taken back.',
      'Shared with eve.',
    ])
  })

  test('attack: what its program printed last is shown without what is meant for a terminal', () => {
    expect(wordsOf({ ...service, lastLog: ['\u001b[31mred\u001b[0m', 'a\u202eb'] }).lastLog).toBe('red\na‹U+202E›b')
  })
})
