import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from '@jest/globals'
import { freePorts } from './ports.ts'

test('free ports are different ones, none of those that outgoing connections are given, and can be listened at', async () => {
  const ports = await freePorts(20)
  expect(new Set(ports).size).toBe(20)
  for (const port of ports) {
    expect(port).toBeLessThan(30_000)
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    await new Promise((closed) => server.close(closed))
  }
})
