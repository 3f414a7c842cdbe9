import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FileChooser, Locator, Page } from 'playwright-core'

/** JupyterLab as a person uses it: what is clicked and read, by the names that are shown. */
export interface LabPage {
  page: Page
  /** The Karvdash sidebar, opened. */
  sidebar(): Promise<Locator>
  /** The file browser of a domain, opened. */
  browser(domain: string): Promise<Locator>
  /** The row of an entry. */
  entry(domain: string, name: string): Locator
  /** Opens a document by double click; gives its tab's panel. */
  open(domain: string, name: string): Promise<void>
  /** Runs a command of the palette. */
  command(label: string): Promise<void>
  /** Signs in with a personal token. */
  signIn(url: string, token: string): Promise<void>
  /** Begins to sign in through the browser; gives the code that is shown. */
  signInCode(url: string): Promise<string>
  dialog(): Locator
  refresh(domain: string): Promise<void>
  /** Makes a notebook in the folder that a domain's browser shows, by its launcher. */
  newNotebook(domain: string): Promise<void>
  contextMenu(domain: string, name: string, item: string): Promise<void>
  /** Chooses files to upload into the folder that a domain's browser shows. */
  upload(domain: string, files: Parameters<FileChooser['setFiles']>[0]): Promise<void>
  /** Presses keys with entries selected. */
  press(domain: string, names: string[], keys: string): Promise<void>
  /** Chooses from the menu of a folder that is shown, on its empty part. */
  folderMenu(domain: string, item: string): Promise<void>
  /** Chooses from the menu of a service or template in the sidebar, by its button. */
  more(name: string, item: string): Promise<void>
  /** What stands on the screen of the terminal that is shown; JupyterLab has to be set to be read aloud. */
  terminal(): Locator
  /** What pops up, by what it says. */
  notification(text: string | RegExp): Locator
  /** Keeps a picture for people to look at. */
  picture(name: string): Promise<void>
}

const pictures = fileURLToPath(new URL('../dist/pictures', import.meta.url))

/** Opens JupyterLab. */
export async function openLab(page: Page, url: string): Promise<LabPage> {
  await page.goto(url)
  return labOn(page)
}

/** The JupyterLab that a page shows, once it is restored. */
export async function labOn(page: Page): Promise<LabPage> {
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' })
  await page.locator('.jp-LauncherCard, .lm-DockPanel-widget').first().waitFor()
  const shown = async (id: string) => {
    const panel = page.locator(`#${id}`)
    if (!(await panel.isVisible())) await page.locator(`.jp-SideBar [data-id="${id}"]`).click()
    await panel.waitFor()
    return panel
  }
  const sidebar = () => shown('karvdash')
  const browser = (domain: string) => shown(`karvdash-${domain}`)
  const entry = (domain: string, name: string) =>
    page.locator(`#karvdash-${domain} .jp-DirListing-item`).filter({ has: page.getByText(name, { exact: true }) })
  return {
    page,
    sidebar,
    browser,
    entry,
    async open(domain, name) {
      await browser(domain)
      await entry(domain, name).dblclick()
    },
    async command(label) {
      await page.keyboard.press('ControlOrMeta+Shift+c')
      await page.locator('.lm-CommandPalette-input').fill(label)
      await page.locator('.lm-CommandPalette-item').filter({ hasText: label }).first().click()
    },
    async signIn(address, token) {
      const panel = await sidebar()
      await panel.getByLabel('Address of the dashboard').fill(address)
      const byToken = panel.getByRole('button', { name: 'Use a token instead' })
      if (await byToken.isVisible()) await byToken.click()
      await panel.getByLabel('Personal token').fill(token)
      await panel.getByRole('button', { name: 'Sign in', exact: true }).click()
    },
    async signInCode(address) {
      const panel = await sidebar()
      await panel.getByLabel('Address of the dashboard').fill(address)
      const byBrowser = panel.getByRole('button', { name: 'Use your browser instead' })
      if (await byBrowser.isVisible()) await byBrowser.click()
      await panel.getByRole('button', { name: 'Sign in with your browser' }).click()
      const shown = panel.getByText(/^[A-Z]{4}-[A-Z]{4}$/)
      await shown.waitFor()
      return (await shown.textContent()) ?? ''
    },
    dialog: () => page.locator('.jp-Dialog'),
    async refresh(domain) {
      await (await browser(domain)).getByTitle('Refresh').first().click()
    },
    async newNotebook(domain) {
      await (await browser(domain)).getByTitle('New Launcher').first().click()
      await page.locator('.jp-LauncherCard[data-category="Notebook"]').filter({ visible: true }).first().click()
      await page.locator('.jp-StatusBar-Widget').getByText('Idle').waitFor()
    },
    async contextMenu(domain, name, item) {
      await entry(domain, name).click({ button: 'right' })
      await page.locator('.lm-Menu-item').filter({ hasText: item }).first().click()
    },
    async upload(domain, files) {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        (await browser(domain)).getByTitle('Upload Files').first().click(),
      ])
      await chooser.setFiles(files)
    },
    async press(domain, names, keys) {
      await browser(domain)
      for (const [index, name] of names.entries())
        await entry(domain, name).click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] })
      await page.keyboard.press(keys)
    },
    async folderMenu(domain, item) {
      const list = (await browser(domain)).locator('.jp-DirListing-content')
      const { height = 0 } = (await list.boundingBox()) ?? {}
      await list.click({ button: 'right', position: { x: 40, y: height - 20 } })
      await page.locator('.lm-Menu-item').filter({ hasText: item }).first().click()
    },
    async more(name, item) {
      await (await sidebar()).getByRole('button', { name: `More for ${name}`, exact: true }).click()
      await page.locator('.lm-Menu-item').filter({ hasText: item }).filter({ visible: true }).first().click()
    },
    terminal: () => page.locator('.jp-Terminal .xterm-accessibility-tree').filter({ visible: true }),
    notification: (text) => page.locator('.Toastify__toast').filter({ hasText: text }),
    async picture(name) {
      await mkdir(pictures, { recursive: true })
      await page.screenshot({ path: `${pictures}/jupyterlab-${name}.png` })
    },
  }
}
