import {
  type AnyOperation,
  type Checked,
  type FieldError,
  forbidden,
  invalid,
  Problem,
  permits,
  type Reply,
} from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import type * as z from 'zod'
import type { OpenFile } from '../filesystem/read.ts'
import { targetOf } from './audit.ts'
import { readJson } from './body.ts'
import { sendFile } from './download.ts'
import { streamEvents } from './events.ts'
import { callerOf, stateOf } from './state.ts'
import { type SentStream, sendStream } from './stream.ts'
import { takeUpload, type Upload } from './upload.ts'

const bodyLimitBytes = 256 * 1024

/** Answers one operation: the input is checked, the reply typed. */
export type Handler<O extends AnyOperation> = (input: Checked<O>, ctx: Context) => Promise<Reply<O>> | Reply<O>

/** Answers one operation with events until the signal says that the client went; refuses by what it throws before the first. */
export type EventsHandler<O extends AnyOperation> = (
  input: Checked<O>,
  ctx: Context,
  signal: AbortSignal,
) => AsyncIterable<Reply<O>> | Promise<AsyncIterable<Reply<O>>>

/** Answers one operation with a file. */
export type DownloadHandler<O extends AnyOperation> = (input: Checked<O>, ctx: Context) => Promise<OpenFile>

/** Answers one operation with a file that is made while it is sent. */
export type StreamHandler<O extends AnyOperation> = (input: Checked<O>, ctx: Context) => Promise<SentStream>

/** Takes the bytes that one operation is sent; 201 tells that they made something new. */
export type UploadHandler<O extends AnyOperation> = (
  input: Checked<O>,
  ctx: Context,
  upload: Upload,
) => Promise<{ reply: Reply<O>; isNew: boolean }>

/** Binds operations of the contract to a router. */
export interface Binder {
  bind<O extends AnyOperation>(operation: O, handler: Handler<O>): void
  bindEvents<O extends AnyOperation>(operation: O, handler: EventsHandler<O>): void
  bindDownload<O extends AnyOperation>(operation: O, handler: DownloadHandler<O>): void
  bindStream<O extends AnyOperation>(operation: O, handler: StreamHandler<O>): void
  bindUpload<O extends AnyOperation>(operation: O, handler: UploadHandler<O>): void
  /** Whoever asks for a WebSocket without upgrading is told to; the others never come here. */
  bindSocket(operation: AnyOperation): void
  /** The operations bound so far. */
  bound: Set<AnyOperation>
}

/** Makes a binder: who may call is checked first, then each part of the input, then the handler runs. */
export function createBinder(router: Router): Binder {
  const bound = new Set<AnyOperation>()
  function route<O extends AnyOperation>(operation: O, answer: (input: Checked<O>, ctx: Context) => Promise<void> | void): void {
    bound.add(operation)
    router.register(operation.path.replace(/\{(\w+)\}/g, ':$1'), [operation.method], async (ctx: Context) => {
      const state = stateOf(ctx)
      Object.assign(state, {
        operation: `${operation.method} ${operation.path}`,
        isChange: !['GET', 'HEAD'].includes(operation.method) && !operation.isLook,
      })
      admit(operation, ctx)
      const input = (await check(operation, ctx)) as Checked<O>
      state.target = targetOf(input.params, input.query, input.body)
      await answer(input, ctx)
    })
  }
  return {
    bound,
    bind: (operation, handler) =>
      route(operation, async (input, ctx) => {
        const reply = await handler(input, ctx)
        sendJson(ctx, operation.status, reply)
      }),
    bindEvents: (operation, handler) =>
      route(operation, (input, ctx) => streamEvents(ctx, (signal) => handler(input, ctx, signal))),
    bindDownload: (operation, handler) => route(operation, async (input, ctx) => sendFile(ctx, await handler(input, ctx))),
    bindStream: (operation, handler) => route(operation, async (input, ctx) => sendStream(ctx, await handler(input, ctx))),
    bindSocket: (operation) =>
      route(operation, (_, ctx) => {
        // RFC 9110 §15.5.22: "The server MUST send an Upgrade header field in a 426 response".
        ctx.set('upgrade', 'websocket')
        throw new Problem(426, 'Upgrade required', { detail: 'Open this address as a WebSocket.' })
      }),
    bindUpload: (operation, handler) =>
      route(operation, async (input, ctx) => {
        const { reply, isNew } = await takeUpload(ctx, (upload) => handler(input, ctx, upload))
        sendJson(ctx, isNew ? 201 : operation.status, reply)
      }),
  }
}

function sendJson(ctx: Context, status: number, reply: unknown): void {
  ctx.status = status
  ctx.set('cache-control', 'no-store')
  if (status === 204) return
  if (reply === undefined) {
    ctx.body = ''
    ctx.remove('content-type')
    return
  }
  ctx.body = JSON.stringify(reply)
  ctx.type = 'application/json'
}

function admit(operation: AnyOperation, ctx: Context): void {
  const { audience } = operation
  if (audience === 'anyone') return
  const { role, scopes } = callerOf(ctx)
  if (!permits(scopes, operation)) throw forbidden(outOfScope(operation))
  if (audience === 'admin' && role !== 'admin') throw forbidden('Only administrators may do this.')
}

function outOfScope({ scope }: AnyOperation): string {
  return scope === 'person'
    ? 'This takes somebody who signs in with a password: no token may do it, nor an administrator who acts as a user.'
    : `This credential may not do that. It takes a token made for "${scope}" that is not read-only.`
}

async function check(operation: AnyOperation, ctx: Context): Promise<unknown> {
  const hasBody = operation.body.safeParse(undefined).success === false
  const { params } = ctx as Context & { params: Record<string, string> }
  return {
    params: part(operation.params, params, '/path'),
    query: part(operation.query, queryOf(ctx), '/query'),
    body: part(operation.body, hasBody ? await readJson(ctx.req, bodyLimitBytes) : undefined, ''),
  }
}

/** What is no UTF-8 would be read as replacement characters, and name something else. */
function queryOf(ctx: Context): unknown {
  try {
    decodeURIComponent(ctx.querystring)
  } catch {
    throw invalid([{ pointer: '/query', detail: 'The query is not percent-encoded UTF-8.' }])
  }
  return ctx.query
}

function part<T extends z.ZodType>(schema: T, value: unknown, prefix: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalid(parsed.error.issues.flatMap((issue) => fieldErrors(issue, prefix)))
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const at = (path: PropertyKey[]) =>
    prefix + path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  if (issue.code !== 'unrecognized_keys') return [{ pointer: at(issue.path), detail: sentence(issue) }]
  return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), detail: `There is no field "${key.slice(0, 60)}".` }))
}

function sentence({ message, path }: z.core.$ZodIssue): string {
  return /[.!]$/.test(message) ? message : `${String(path.at(-1) ?? 'The input')}: ${message}.`
}
