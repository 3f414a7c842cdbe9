import { equal } from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type System, until } from '../support/system.ts'
import { picture } from './acts.ts'
import type { Player } from './story.ts'

const size = 48 * 1024 * 1024
const bytesPerSecond = 8 * 1024 * 1024

/** Every replica is killed in the middle of an upload: it goes on by itself, and nobody sees half a file. */
export async function uploadThatIsInterrupted(system: System, page: Page, { username }: Player): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-story-'))
  const [source, target] = [join(folder, 'results.bin'), join(system.folder('local', username), 'results.bin')]
  try {
    const bytes = randomBytes(size)
    await writeFile(source, bytes)
    await page.goto(`${system.url}/#/files/local`)
    await page.getByRole('button', { name: 'New folder' }).waitFor()
    await slowly(page)
    await page.getByLabel('Files to upload').setInputFiles(source)
    await until('some of it', async () => {
      const [part] = await partsOf(system, username)
      return part !== undefined && (await stat(join(system.folder('local', username), part))).size > size / 4
    })
    await system.kubectl(
      ...['delete', 'pod', '-n', 'karvdash', '-l', 'app.kubernetes.io/component=backend', '--grace-period=0', '--force'],
    )
    equal((await readdir(system.folder('local', username))).includes('results.bin'), false)
    await picture(page, '11-upload')
    await page.locator('[data-entry="results.bin"]').waitFor({ timeout: 90_000 })
    equal(digest(await readFile(target)), digest(bytes))
    equal((await partsOf(system, username)).length, 0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** As over a line that many people share. */
async function slowly(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const line = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond }
  await session.send('Network.emulateNetworkConditions', line)
}

async function partsOf(system: System, user: string): Promise<string[]> {
  return (await readdir(system.folder('local', user))).filter((name) => name.startsWith('.karvdash-part-'))
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
