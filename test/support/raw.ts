import { readFile } from 'node:fs/promises'
import { connect } from 'node:tls'
import type { System } from './system.ts'

/** Sends header lines as they are, such as no HTTP library would send them, and gives the status of the answer. */
export async function rawStatus(system: System, servername: string, lines: string[]): Promise<number> {
  const ca = await readFile(system.node.caFile)
  const socket = connect({ host: '127.0.0.1', port: system.node.httpsPort, servername, ca, ALPNProtocols: ['http/1.1'] })
  socket.write(`${[...lines, 'Connection: close', '', ''].join('\r\n')}`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}
