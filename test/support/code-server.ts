import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { codeServer } from '@karvdash/local/code-server'
import { run } from '@karvdash/local/command'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { ceilingMs, chromiumFlags, settings, vsix, type Workbench, workbench } from './workbench.ts'

/** A VS Code in the browser with our extension in it, as somebody has it on their own machine. */
export interface CodeServer {
  url: string
  /** A window of a browser that has seen nothing yet; windows of one context share their secrets. */
  window(path: string): Promise<Workbench>
  stop(): Promise<void>
}

/** Starts one with a home of its own. */
export async function startCodeServer(environment: Record<string, string> = {}): Promise<CodeServer> {
  const home = await mkdtemp(join(tmpdir(), 'karvdash-code-server-'))
  const entry = join(await codeServer(), 'out/node/entry.js')
  const env = { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...environment }
  const folders = ['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')]
  await mkdir(join(home, 'data/User'), { recursive: true })
  await writeFile(join(home, 'data/User/settings.json'), JSON.stringify(settings))
  await run(process.execPath, [entry, ...folders, '--force', '--install-extension', await vsix()], { env })
  const quiet = ['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--reconnection-grace-time', '3']
  const flags = ['--auth', 'none', '--bind-addr', '127.0.0.1:0', ...folders, ...quiet, '-e']
  const child = spawn(process.execPath, [entry, ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const ended = once(child, 'exit')
  const url = await listening(child.stdout)
  child.stderr.resume()
  let browser: Browser | undefined
  let context: BrowserContext | undefined
  return {
    url,
    async window(path) {
      browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags })
      context ??= await browser.newContext({ viewport: { width: 1280, height: 800 } })
      context.setDefaultTimeout(ceilingMs)
      const page = await context.newPage()
      await page.goto(url + path)
      return workbench(page)
    },
    async stop() {
      await browser?.close()
      // Its extension hosts are children of its own: they are one group.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Where it listens; its output is read on, or it would stop when nobody does. */
function listening(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      const address = /HTTP server listening on (http:\/\/[\d.:]+)/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    lines.on('close', () => reject(new Error('code-server ended before it listened')))
  })
}
