import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { contract } from '@karvdash/common'
import { clientOf, countedUser, openSystem, type System } from '../support/system.ts'

const docs = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8')
let system: System
let home: string

beforeAll(async () => {
  system = await openSystem()
  home = mkdtempSync(join(tmpdir(), 'karvdash-tutorial-'))
}, 60_000)
afterAll(async () => {
  await system?.close()
  if (home) rmSync(home, { recursive: true, force: true })
})

test('who follows the steps of docs/templates.md letter by letter writes, launches, changes and tidies up a template', async () => {
  const client = clientOf(system, await countedUser(system, 'tu'))
  const { secret } = await client.call(contract.createToken, { body: { name: 'tutorial' } })
  const [, section = ''] = docs.split('\n## Step by step\n')
  const blocks = [...(section.split('\n## ')[0]?.matchAll(/```sh\n([^`]*)```/g) ?? [])].map(([, script = '']) => script)
  expect(blocks).toHaveLength(8)
  writeFileSync(join(home, '.curlrc'), `cacert = ${system.node.caFile}\n`)
  // One shell, as whoever reads has one; a line between the blocks tells them apart in what it printed.
  const script = blocks.join('\necho "=== done"\n')
  const env = { PATH: process.env['PATH'], HOME: home, URL: system.url, TOKEN: secret }
  const shell = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = await once(shell, 'close')
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  const printed = output.split('=== done\n')
  expect(printed[1]).toContain('"faults":[]')
  expect(printed[2]).toContain('"faults":[]')
  expect(printed[3]).toContain('<h1>Hello</h1>')
  expect(printed[6]).toContain('+  replicas: 2')
  expect((await client.call(contract.listTemplates)).items.map(({ id }) => id)).not.toContain('site')
}, 180_000)
