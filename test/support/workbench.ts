import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { until } from './until.ts'

const dist = fileURLToPath(new URL('../../vscode-ext/dist', import.meta.url))
const pictures = fileURLToPath(new URL('../dist/pictures', import.meta.url))

/** How long a test waits for what shall happen. */
export const ceilingMs = 30_000

/** What Chromium is started with; security stays on. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
]

/** What makes a window quiet and the same each time. */
export const settings = {
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
  // A folder that holds one folder alone would become one row with it as soon as it is open, and what is chosen would be the inner one.
  'explorer.compactFolders': false,
  // The Explorer would select the open file whenever it has read of it, and take away what was selected meanwhile.
  'explorer.autoReveal': false,
}

/** A window of VS Code, and what people do in it. */
export interface Workbench {
  page: Page
  /** Runs a command from the palette, by its whole title. */
  command(title: string): Promise<void>
  /** Answers the question that is asked, once its title says what is expected. */
  answer(title: string | RegExp, text?: string): Promise<void>
  /** Chooses from the list that is shown; of several with this label, the one that is marked so. */
  choose(label: string, mark?: string): Promise<void>
  /** Answers VS Code's own question for a place, once it shows where it begins. */
  place(title: RegExp, begins: RegExp, place: string): Promise<void>
  /** Chooses from the menu of what is clicked by the right button. */
  menu(clicked: ReturnType<Page['locator']>, label: string): Promise<void>
  /** A row of the Explorer or another tree, by how its label begins. */
  row(label: string): ReturnType<Page['locator']>
  /** Types at the end of the open editor. */
  type(text: string): Promise<void>
  save(): Promise<void>
  notification(text: string | RegExp): ReturnType<Page['locator']>
  /** Leaves the questions that a test left open because it failed: the tests after it would fail too. */
  dismiss(): Promise<void>
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
      // Rows move while more commands are found: a click could meet another one.
      await widget.locator('.monaco-list-row.focused', { hasText: title }).waitFor()
      await page.keyboard.press('Enter')
    },
    async answer(title, text) {
      await widget.locator('.quick-input-title', { hasText: title }).waitFor()
      if (text !== undefined) await input.fill(text)
      await page.keyboard.press('Enter')
    },
    async choose(label, mark = label) {
      const row = widget.locator('.monaco-list-row', { hasText: mark })
      await widget.locator('.monaco-list-row').first().waitFor()
      // Of a long list only what is in sight is drawn.
      await input.fill(label)
      await row.first().click()
    },
    async place(title, begins, place) {
      await widget.locator('.quick-input-title', { hasText: title }).waitFor()
      await until(async () => begins.test(await input.inputValue()))
      await widget.locator('.monaco-list-row', { hasText: '..' }).first().waitFor()
      await input.fill(place)
      await keepPicture(page, `vscode-${title.source.replace(/\W+/g, '-').toLowerCase()}`)
      await widget.locator('.quick-input-action').first().click()
    },
    async menu(clicked, label) {
      await clicked.click({ button: 'right' })
      await page.locator('.monaco-menu .action-label', { hasText: new RegExp(`^${label.replaceAll('.', '\\.')}$`) }).hover()
      await keepPicture(page, `vscode-menu ${label}`.replaceAll(' ', '-').toLowerCase())
      // A menu of VS Code takes no click for a tenth of a second after it has opened.
      await page.keyboard.press('Enter')
    },
    row: (label) => page.locator(`.pane-body .monaco-list-row[aria-label^=${JSON.stringify(label)}]`).first(),
    async type(text) {
      await page.locator('.editor-instance .monaco-editor .view-lines').first().click()
      await page.keyboard.press('Control+End')
      await page.keyboard.type(text)
    },
    save: () => page.keyboard.press('Control+s'),
    notification: (text) => page.locator('.notification-toast', { hasText: text }),
    async dismiss() {
      for (const question of ['.monaco-dialog-box', '.quick-input-widget'])
        if (await page.locator(question).first().isVisible()) await page.keyboard.press('Escape')
    },
    picture: (name) => keepPicture(page, name),
  }
}

/** Keeps a picture, for people to look at; nothing compares it. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`) })
}

/** How often something pushed itself in front of people. */
export interface Interruptions {
  dialogs: number
  toasts: number
}

/** Counts from now on what pushes itself in front of people, also what has gone again; gives what asks for the count. */
export async function countInterruptions(page: Page): Promise<() => Promise<Interruptions>> {
  const counts = await page.evaluateHandle(() => {
    const found = { dialogs: new Set<Node>(), toasts: new Set<Node>() }
    const look = () => {
      for (const node of document.querySelectorAll('.monaco-dialog-box')) found.dialogs.add(node)
      for (const node of document.querySelectorAll('.notification-toast')) found.toasts.add(node)
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true })
    return found
  })
  return () => counts.evaluate(({ dialogs, toasts }) => ({ dialogs: dialogs.size, toasts: toasts.size }))
}

/** The VSIX that the last build left. */
export async function vsix(): Promise<string> {
  const name = (await readdir(dist).catch((): string[] => [])).find((one) => one.endsWith('.vsix'))
  if (name === undefined) throw new Error('There is no VSIX: run `npm run build` first.')
  return join(dist, name)
}
