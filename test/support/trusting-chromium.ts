import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@karvdash/local/command'
import { type Browser, chromium } from 'playwright-core'
import { chromiumFlags } from './workbench.ts'

/** A Chromium of somebody who had it trust an authority; nothing is overlooked that it would refuse. */
export interface TrustingChromium {
  browser: Browser
  close(): Promise<void>
}

/** Starts one with a home of its own. */
export async function startTrustingChromium(caFile: string): Promise<TrustingChromium> {
  const home = await mkdtemp(join(tmpdir(), 'karvdash-chromium-'))
  const folder = join(home, '.pki/nssdb')
  await mkdir(folder, { recursive: true })
  const database = ['-d', `sql:${folder}`]
  await run('certutil', ['-N', ...database, '--empty-password'])
  await run('certutil', ['-A', ...database, '-t', 'C,,', '-n', 'Karvdash', '-i', caFile])
  const env = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, '.local/share') }
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags, env })
  return {
    browser,
    async close() {
      await browser.close()
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
