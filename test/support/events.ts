import { request } from 'undici'
import type { Person } from './people.ts'

/** A stream of server-sent events, followed. */
export interface Followed {
  /** What came so far. */
  events: unknown[]
  /** Whether the server ended it. */
  isOver(): boolean
  end(): void
}

/** Follows the services of whoever sends these headers, or another stream. */
export async function follow(
  backend: { url: string },
  headers: ReturnType<Person['headers']>,
  path = '/api/services/events',
): Promise<Followed> {
  const controller = new AbortController()
  const { body, statusCode } = await request(backend.url + path, { headers, signal: controller.signal })
  if (statusCode !== 200) throw new Error(`The stream of events was refused: ${statusCode}`)
  const events: unknown[] = []
  let over = false
  const read = async () => {
    let rest = ''
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const [last = '', ...whole] = (rest + chunk.toString()).split('\n\n').reverse()
      rest = last
      for (const event of whole.reverse())
        events.push(...[...event.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data)))
    }
  }
  void read()
    .catch(() => undefined)
    .finally(() => {
      over = true
    })
  return { events, isOver: () => over, end: () => controller.abort() }
}
