import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { codeServer } from '@karvdash/local/code-server'
import { run } from '@karvdash/local/command'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** A VS Code in the browser with our extension in it, as somebody has it on their own machine. */
export interface CodeServer {
  url: string
  /** A window of a browser that has seen nothing yet; windows of one context share their secrets. */
  window(path: string): Promise<Workbench>
  stop(): Promise<void>
}

const dist = fileURLToPath(new URL('../../vscode-ext/dist', import.meta.url))
const pictures = fileURLToPath(new URL('../dist/pictures', import.meta.url))
const ceilingMs = 30_000

/** What makes a window quiet and the same each time; security stays on. */
const settings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'files.autoSave': 'off',
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

const chromiumFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']

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

async function vsix(): Promise<string> {
  const name = (await readdir(dist).catch((): string[] => [])).find((one) => one.endsWith('.vsix'))
  if (name === undefined) throw new Error('There is no VSIX: run `npm run build` first.')
  return join(dist, name)
}

/** A window of VS Code, and what people do in it. */
export interface Workbench {
  page: Page
  /** Runs a command from the palette, by its whole title. */
  command(title: string): Promise<void>
  /** Answers the question that is asked, once its title says what is expected. */
  answer(title: string | RegExp, text?: string): Promise<void>
  /** Chooses from the list that is shown. */
  choose(label: string): Promise<void>
  /** A row of the Explorer or another tree, by how its label begins. */
  row(label: string): ReturnType<Page['locator']>
  /** Types at the end of the open editor. */
  type(text: string): Promise<void>
  save(): Promise<void>
  notification(text: string | RegExp): ReturnType<Page['locator']>
  /** Keeps a picture, for people to look at; nothing compares it. */
  picture(name: string): Promise<void>
}

/** What people do in a window, once the extension says by its item in the status bar that its commands are there. */
export async function workbench(page: Page, limitMs = ceilingMs): Promise<Workbench> {
  await page.locator('.statusbar-item[id*="karvdash.status"]').waitFor({ timeout: limitMs })
  const widget = page.locator('.quick-input-widget')
  const input = widget.locator('.quick-input-box input')
  return {
    page,
    async command(title) {
      await page.keyboard.press('F1')
      await input.fill(`>${title}`)
      await widget.locator('.monaco-list-row', { hasText: title }).first().click()
    },
    async answer(title, text) {
      await widget.locator('.quick-input-title', { hasText: title }).waitFor()
      if (text !== undefined) await input.fill(text)
      await page.keyboard.press('Enter')
    },
    choose: (label) => widget.locator('.monaco-list-row', { hasText: label }).first().click(),
    row: (label) => page.locator(`.pane-body .monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first(),
    async type(text) {
      await page.locator('.editor-instance .monaco-editor .view-lines').first().click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type(text)
    },
    save: () => page.keyboard.press('Control+s'),
    notification: (text) => page.locator('.notification-toast', { hasText: text }),
    async picture(name) {
      await mkdir(pictures, { recursive: true })
      await page.screenshot({ path: join(pictures, `${name}.png`) })
    },
  }
}
