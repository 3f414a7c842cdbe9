import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { copyEntry } from '@karvdash/backend/filesystem/copy'
import { holdRoot } from '@karvdash/backend/filesystem/held'
import { breakGround } from '@karvdash/backend/filesystem/root-ground'
import { removeCopied } from '@karvdash/backend/filesystem/settle'

const entries = 100_000
const openDescriptors = () => readdirSync('/proc/self/fd').length

test('100,000 entries in one folder are copied, all of them, with few descriptors; and moved ones are taken away', async () => {
  const ground = await breakGround()
  const here = (name: string) => join(ground.inside, name)
  const before = openDescriptors()
  try {
    mkdirSync(here('many'))
    for (let i = 0; i < entries; i++) writeFileSync(here(`many/${i}`), i % 100 === 0 ? `${i}` : '')
    let most = 0
    const look = setInterval(() => (most = Math.max(most, openDescriptors() - before)), 50)
    const tally = { entries: 0, bytes: 0, dropped: 0 }
    using root = holdRoot(ground.inside)
    const [from, to] = ['many', 'copy'].map((name) => ({ folder: root.fd, name })) as [Name, Name]
    const copier = { owner: { uid: 20_001, gid: 20_001 }, tally, signal: new AbortController().signal }
    await copyEntry({ from, to, copier })
    clearInterval(look)
    expect(tally).toMatchObject({ entries: entries + 1, dropped: 0 })
    expect(most).toBeLessThan(60)
    execFileSync('diff', ['--recursive', '--brief', here('many'), here('copy')])
    expect(statSync(here('copy/99900')).uid).toBe(20_001)
    expect(await removeCopied(from, to)).toBe(0)
    expect(readdirSync(ground.inside)).toEqual(['copy'])
  } finally {
    await ground.remove()
  }
}, 300_000)

interface Name {
  folder: number
  name: string
}
