import type * as z from 'zod'
import type { Scope } from './scope.ts'

/** Who may call an operation: anyone, whoever is signed in, or admins alone. */
export type Audience = 'anyone' | 'user' | 'admin'

/** One row of the contract: what the server binds, the client calls and the OpenAPI document lists. */
export interface Operation<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType> {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path under the origin, with `{name}` for parameters. */
  path: string
  summary: string
  audience: Audience
  /** What a token needs to be let do this. */
  scope: Scope
  params: Params
  query: Query
  /** `z.undefined()` where the operation takes no body. */
  body: Body
  reply: Reply
  /** Status of the answer when all went well. */
  status: number
  /** What the reply is made of: one JSON value, server-sent events of such values, bytes (`TransferClient.download`), or a WebSocket. */
  media: 'json' | 'events' | 'bytes' | 'socket'
  /** Whether it only looks, whatever its method: then no audit log tells of it. */
  isLook?: boolean
  /** What the request's body is: one JSON value, also where this is left out, or bytes of any length (`TransferClient.upload`). */
  takes?: 'json' | 'bytes'
}

/** Any operation, where its types do not matter. */
export type AnyOperation = Operation<z.ZodType, z.ZodType, z.ZodType, z.ZodType>

/** What a caller gives to an operation. */
export type Input<O extends AnyOperation> = Part<'params', z.input<O['params']>> &
  Part<'query', z.input<O['query']>> &
  Part<'body', z.input<O['body']>>

/** What the server hands to an operation's handler, checked. */
export interface Checked<O extends AnyOperation> {
  params: z.output<O['params']>
  query: z.output<O['query']>
  body: z.output<O['body']>
}

/** What an operation answers. */
export type Reply<O extends AnyOperation> = z.output<O['reply']>

/** A part that may be left out where nothing in it has to be given. */
type Part<Name extends string, Value> = undefined extends Value
  ? unknown
  : Record<never, never> extends Value
    ? { [K in Name]?: Value }
    : { [K in Name]: Value }
