import { expect, test } from '@jest/globals'
import { createClient } from './client.ts'
import type { LogEvent, LogLine } from './logs.ts'
import { followLogs, type LogNews } from './service-logs.ts'

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000000Z`
const line = (second: number, text: string): LogLine => ({ pod: 'a', container: 'main', at: at(second), text })
const lines = (...all: LogLine[]): LogEvent => ({ type: 'lines', id: all.at(-1)?.at ?? '', lines: all })
const began: LogEvent = { type: 'began', pod: 'a', container: 'main', run: '1' }

/** A server that answers with one of these after the other, each a stream of events or a status; then the service is gone. */
async function follow(...answers: (LogEvent[] | number)[]) {
  const asked: { url: string; id: string | undefined }[] = []
  const told: LogNews[] = []
  const live: boolean[] = []
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    asked.push({ url: String(url), id: (init.headers as Record<string, string>)['last-event-id'] })
    const answer = answers.shift() ?? 404
    if (typeof answer === 'number') return new Response('{}', { status: answer })
    return new Response(answer.map((event) => `id: x\ndata: ${JSON.stringify(event)}\n\n`).join(''))
  }
  const following = followLogs(createClient({ url: 'https://k', fetch: fetch as typeof globalThis.fetch }), {
    ...{ service: 'web', part: { tailLines: 5 }, signal: new AbortController().signal },
    tell: (news) => told.push(news),
    onLive: (isLive) => live.push(isLive),
    wait: async () => undefined,
  })
  await expect(following).rejects.toMatchObject({ status: 404 })
  return { asked, live, told, texts: told.flatMap((news) => (news.type === 'lines' ? news.lines.map(({ text }) => text) : [])) }
}

test('it goes on after the last event where the connection was lost, and what comes twice is told once', async () => {
  const { texts, asked, live, told } = await follow([began, lines(line(1, 'a'), line(2, 'b'), line(2, 'b'))], 503, [
    began,
    lines(line(1, 'a'), line(2, 'b'), line(2, 'b'), line(2, 'b'), line(3, 'c')),
  ])
  expect(texts).toEqual(['a', 'b', 'b', 'b', 'c'])
  expect(asked.map(({ id }) => id)).toEqual([undefined, at(2), at(2), at(3)])
  expect(asked[0]?.url).toBe('https://k/api/services/web/logs?tailLines=5&follow=true')
  expect(live).toEqual([true, false, true, false])
  expect(told.filter(({ type }) => type === 'began')).toHaveLength(1)
})

test('a line that came again is told again when it is printed once more', async () => {
  const { texts } = await follow([lines(line(1, 'x'))], [lines(line(1, 'x'))], [lines(line(1, 'x'), line(1, 'x'))])
  expect(texts).toEqual(['x', 'x'])
})
