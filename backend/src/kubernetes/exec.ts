import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import * as z from 'zod'
import type { Access } from './access.ts'
import { ConnectionError, KubeError } from './errors.ts'
import { type Frame, framesOf, keepAlive, sendFrame } from './frames.ts'
import { pathTo, resources } from './resources.ts'

/** What runs where. */
export interface ExecTarget {
  namespace: string
  pod: string
  container: string
  command: string[]
}

/** How a program ended. */
export interface ExecEnd {
  /** Undefined where it never began, or nobody knows. */
  code: number | undefined
  /** What Kubernetes says of it where it did not simply end. */
  message: string
  /** Whether the connection broke: it may run still. */
  isBroken: boolean
}

/** A program that runs in a container, at a terminal. */
export interface Shell {
  /** What it prints, until it ends; no more is read than is taken. */
  output: AsyncIterable<Buffer>
  /** Types; resolves when there is room for more. @throws where it is over. */
  write(bytes: Buffer): Promise<void>
  resize(size: { columns: number; rows: number }): Promise<void>
  /** How it ended, once all of the output was taken. */
  end(): ExecEnd
  /** Hangs up. */
  close(): void
}

/*
 * The channels of v5.channel.k8s.io (k8s.io/apimachinery/pkg/util/remotecommand): the first byte of each message says which it is of.
 */
const protocol = 'v5.channel.k8s.io'
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 }
const mostWriteBytes = 32 * 1024
const handshakeMs = 30_000
const mostAnswerBytes = 64 * 1024

/** Starts a program; resolves when the API server has taken it, which is before the container did. @throws KubeError, ConnectionError. */
export async function openShell(access: Access, headers: Record<string, string>, target: ExecTarget): Promise<Shell> {
  const { namespace, pod: name, container, command } = target
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', tty: 'true' })
  for (const word of command) query.append('command', word)
  const path = pathTo(resources.pods, { namespace, name, subresource: 'exec' })
  const socket = new WebSocket(`${access.url.replace(/^http/, 'ws')}${path}?${query}`, [protocol], {
    ...{ headers, ...access.tls, handshakeTimeout: handshakeMs, perMessageDeflate: false, maxPayload: 1024 * 1024 },
  })
  const frames = framesOf(socket)
  await opened(socket, `EXEC ${path}`)
  keepAlive(socket)
  return shellOf(socket, frames)
}

function opened(socket: WebSocket, request: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', (cause) => reject(new ConnectionError(request, cause)))
    socket.once('unexpected-response', (_, answer) => {
      void bodyOf(answer).then((body) => {
        reject(new KubeError(answer.statusCode ?? 500, body, request))
        socket.terminate()
      })
    })
  })
}

async function bodyOf(answer: IncomingMessage): Promise<unknown> {
  let text = ''
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) if (text.length < mostAnswerBytes) text += chunk.toString()
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function shellOf(socket: WebSocket, frames: AsyncIterable<Frame>): Shell {
  let ended: ExecEnd = { code: undefined, message: 'The connection to the container broke.', isBroken: true }
  async function* output(): AsyncGenerator<Buffer> {
    for await (const { data } of frames) {
      const [channel] = data
      const content = data.subarray(1)
      if (channel === channels.error && content.length > 0) ended = endOf(content.toString())
      const isOutput = channel === channels.stdout || channel === channels.stderr
      if (isOutput && content.length > 0) yield content
    }
  }
  const send = (channel: number, content: Buffer) => sendFrame(socket, Buffer.concat([Buffer.from([channel]), content]))
  return {
    output: output(),
    async write(bytes) {
      for (let at = 0; at < bytes.length; at += mostWriteBytes)
        await send(channels.stdin, bytes.subarray(at, at + mostWriteBytes))
    },
    resize: ({ columns, rows }) => send(channels.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows }))),
    end: () => ended,
    close: () => socket.close(),
  }
}

const Status = z.looseObject({
  status: z.string().optional(),
  message: z.string().default(''),
  details: z
    .looseObject({
      causes: z.array(z.looseObject({ reason: z.string().default(''), message: z.string().default('') })).default([]),
    })
    .nullish(),
})

/** Reads the Status that comes last. */
export function endOf(text: string): ExecEnd {
  const read = Status.safeParse(parsed(text))
  if (!read.success) return { code: undefined, message: text.slice(0, 500), isBroken: false }
  const { status, message, details } = read.data
  if (status === 'Success') return { code: 0, message: '', isBroken: false }
  const cause = details?.causes.find(({ reason }) => reason === 'ExitCode')
  const code = cause && /^\d{1,3}$/.test(cause.message) ? Number(cause.message) : undefined
  return { code, message: code === undefined ? message : '', isBroken: false }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
