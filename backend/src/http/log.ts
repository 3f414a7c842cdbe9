import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'
import { type Logger, pino } from 'pino'
import { stateOf } from './state.ts'

/** The log of the process: JSON lines; nothing that carries credentials is ever a field. No answer waits until a line is written. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 1, sync: false }))
}

/** Gives each request an id and writes one line about it. Paths stay out of it beyond the operation: they can hold names of files. */
export function requestLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const start = performance.now()
    const state = stateOf(ctx)
    state.requestId = randomUUID()
    ctx.set('x-request-id', state.requestId)
    await next()
    const { requestId: id, operation = 'other', caller } = state
    const level = ctx.status >= 500 ? 'error' : operation === 'health' || operation === 'gate' ? 'debug' : 'info'
    const ms = Math.round((performance.now() - start) * 10) / 10
    log[level]({ id, method: ctx.method, operation, status: ctx.status, ms, user: caller?.user }, 'request')
  }
}
