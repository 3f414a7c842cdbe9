import { expect, test } from '@jest/globals'
import { contractVersion, type Service } from '@karvdash/common'
import { Connection } from '../connection/connection.ts'
import { createServiceStore } from './service-store.ts'

const hello: Service = { name: 'hello', template: 'hello', createdAt: '2026-01-01', state: 'Running', reason: '' }
const user = { name: 'bob', displayName: '', email: '', role: 'user', active: true, ready: true, createdAt: '' }

/** A server whose streams end when the test says so. */
function world({ refusals = 0 } = {}) {
  const waits: number[] = []
  let opened = 0
  let close: () => void = () => undefined
  let isRefused = false
  async function fetch(input: RequestInfo | URL): Promise<Response> {
    const path = new URL(String(input)).pathname
    if (path === '/api/version') return Response.json({ product: '1', contract: contractVersion, oldestClient: '1.0' })
    if (isRefused) return Response.json({ title: 'Not signed in', status: 401, detail: 'x' }, { status: 401 })
    if (path === '/api/account') return Response.json(user)
    if (path === '/api/services') return Response.json({ items: [hello] })
    if (refusals-- > 0) throw new TypeError('fetch failed')
    opened += 1
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify({ type: 'service', service: hello })}\n\n`))
        close = () => controller.close()
      },
    })
    return new Response(stream)
  }
  const connection = new Connection({ fetch, now: () => waits.length * 10_000 })
  const wait = async (ms: number) => void waits.push(ms)
  const store = createServiceStore({ connection, wait })
  connection.use({ server: { id: 'lab', url: 'https://lab' }, token: () => 'kvd' })
  return { connection, store, waits, opened: () => opened, close: () => close(), refuse: () => (isRefused = true) }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 1000) throw new Error('It never came to that')
    await new Promise((resolve) => setTimeout(resolve))
  }
}

test('a stream that breaks off is opened again', async () => {
  const { store, close, opened } = world()
  store.restart()
  await until(() => store.isKnown() && store.services().length === 1)
  close()
  await until(() => opened() === 2)
  store.close()
})

test('the pauses before trying again grow, and begin anew once the stream was open', async () => {
  const { store, waits, opened, close } = world({ refusals: 4 })
  store.restart()
  await until(() => opened() === 1)
  expect(waits.length).toBe(4)
  for (const [index, ms] of waits.entries()) {
    expect(ms).toBeGreaterThanOrEqual(500 * 2 ** index)
    expect(ms).toBeLessThanOrEqual(1000 * 2 ** index)
  }
  close()
  await until(() => opened() === 2)
  expect(waits.at(-1)).toBeLessThanOrEqual(1000)
  store.close()
})

test('who is refused stops asking', async () => {
  const { store, waits, refuse, connection, close, opened } = world()
  store.restart()
  await until(() => opened() === 1)
  refuse()
  close()
  await until(() => connection.standing().state === 'refused')
  const before = waits.length
  await new Promise((resolve) => setTimeout(resolve))
  expect(waits.length).toBe(before)
})
