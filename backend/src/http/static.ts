import { createHash } from 'node:crypto'
import type { Middleware } from 'koa'
import { readTree } from '../filesystem/tree.ts'

/** Serves the built page from memory: it is small, and its files are known, so no path of a request reaches a file system. */
export async function staticPage(folder: string): Promise<Middleware> {
  const files = new Map((await readTree(folder)).map(({ path, content }) => [`/${path}`, { content, etag: etagOf(content) }]))
  return async (ctx, next) => {
    const path = ctx.path === '/' ? '/index.html' : ctx.path
    const file = ctx.method === 'GET' || ctx.method === 'HEAD' ? files.get(path) : undefined
    if (!file) return next()
    ctx.type = path.slice(path.lastIndexOf('.'))
    ctx.etag = file.etag
    ctx.set('cache-control', 'no-cache')
    ctx.status = 200
    if (ctx.fresh) ctx.status = 304
    else ctx.body = file.content
  }
}

function etagOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22)
}
