import { once } from 'node:events'
import { connect } from 'node:net'
import { spawnDetached, waitsForWord } from './detached.ts'
import { identify, type ProcessId, signal } from './processes.ts'
import { until } from './wait.ts'

/** From where to where, and who must know the process as soon as it is there. */
export interface Forwarding {
  program: string
  port: number
  nodeIp: string
  noted: (forwarder: ProcessId) => Promise<void>
}

/** Starts passing connections from loopback on the host to the node. It outlives this process. */
export async function startForwarder({ program, port, nodeIp, noted }: Forwarding): Promise<void> {
  const listen = `127.0.0.1:${port}`
  if (await accepts(port).catch(() => false)) throw new Error(`another program is using port ${port}: choose one with --port`)
  const child = spawnDetached([...waitsForWord, program, 'forward', listen, `${nodeIp}:${port}`])
  const started = identify(child.pid)
  if (!started) throw new Error(`forwarding ${listen} ended at once`)
  await noted(started)
  child.go()
  const patience = { timeoutMs: 5000, everyMs: 10, stillPossible: child.throwIfEnded }
  await until(() => accepts(port), { ...patience, what: `an answer at ${listen}` })
}

/** Ends the forwarder of an instance. */
export function stopForwarder(forwarder: ProcessId | undefined): void {
  signal(forwarder, 'SIGKILL')
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}
