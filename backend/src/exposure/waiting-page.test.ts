import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { waitingPage } from './waiting-page.ts'

const dashboard = 'https://karvdash.test'

describe('the page of a service that cannot answer', () => {
  test.each([
    ['Queued', 'lab is starting', 'Look at it'],
    ['Running', 'lab is starting', 'Look at it'],
    ['Stopped', 'lab is stopped', 'Resume it'],
    ['Failed', 'lab does not run', 'Look at it'],
    ['Deleting', 'lab is being deleted', 'Look at it'],
  ] as const)('says of one that is %s: %s', (state, title, words) => {
    const { html } = waitingPage({ name: 'lab', state, reason: 'Why.' }, dashboard)
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toContain('<p>Why.</p>')
    expect(html).toContain(`<a href="https://karvdash.test/#/services/lab">${words} in Karvdash</a>`)
  })

  test('shows what programs say as text', () => {
    const { html } = waitingPage({ name: 'lab', state: 'Failed', reason: '<script>alert(1)</script>"' }, dashboard)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;')
  })

  test('runs its own script and no other', () => {
    const { html, policy } = waitingPage({ name: 'lab', state: 'Queued', reason: '' }, undefined)
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text = '']) => text)
    expect(scripts).toHaveLength(1)
    const hash = createHash('sha256').update(scripts.join('')).digest('base64')
    expect(policy).toContain(`script-src 'sha256-${hash}';`)
    expect(policy).not.toContain('unsafe')
  })
})
