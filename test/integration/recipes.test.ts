import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dockerEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { externalRegistry } from '../support/images.ts'
import { activeUser, type Person, signedInAdmin, tokenOf } from '../support/people.ts'
import { pushImage } from '../support/push.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { until } from '../support/until.ts'

const docs = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
let cluster: Cluster
let backend: Backend
let registry: RunningRegistry
let admin: Person
let alice: Person
let files: Files
let home: string
let env: Record<string, string>

beforeAll(async () => {
  ;[cluster, registry] = await Promise.all([startCluster('recipes'), startRegistry()])
  backend = await cluster.backend(externalRegistry(registry))
  admin = await signedInAdmin(backend)
  alice = await activeUser(backend, 'alice', admin)
  files = await filesOf(backend, alice)
  home = mkdtempSync(join(tmpdir(), 'karvdash-recipes-'))
  // What is refused ends the recipe.
  writeFileSync(join(home, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n')
  writeFileSync(join(home, 'table.csv'), 'a,b\n1,2\n')
  const { secret } = await tokenOf(alice)
  env = { PATH: process.env['PATH'] ?? '', HOME: home, URL: backend.url, TOKEN: secret }
  await files.createFolder('data')
  await files.write('notes.txt', 'notes')
}, 60_000)
afterAll(async () => {
  await Promise.all([cluster?.stop(), registry?.stop()])
  if (home) rmSync(home, { recursive: true, force: true })
})

/** The recipes below a heading, up to the next one. */
function recipes(heading: string): string[] {
  const [, section = ''] = docs.split(`\n${heading}\n`)
  const found = section.split(/\n#+ /)[0]?.matchAll(/```sh\n([^`]*)```/g) ?? []
  return [...found].map(([, script = '']) => script)
}

/** Runs a recipe as it is printed, but for the lines that follow a stream until somebody ends them; gives what it printed. */
async function play(script: string): Promise<string> {
  expect(script).toContain('curl')
  const shell = spawn('sh', ['-ec', script.replace(/^curl -N .*\n/gm, '')], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(shell, 'close')) as [number]
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  return output
}

/** Follows the stream of a recipe to its first event. */
async function firstEvent(script: string): Promise<string> {
  const [line = ''] = /^curl -N .*$/m.exec(script) ?? []
  const shell = spawn('sh', ['-ec', `exec ${line}`], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    for await (const text of createInterface({ input: shell.stdout })) if (text.startsWith('data: ')) return text
    return 'nothing'
  } finally {
    shell.kill()
  }
}

test('who calls', async () => {
  const [recipe = ''] = recipes('## Who calls')
  const curl = recipe.split('\n').find((line) => line.startsWith('curl')) ?? ''
  expect(JSON.parse(await play(curl))).toMatchObject({ name: 'alice' })
})

test('a service is launched, looked at and deleted', async () => {
  const [launch = '', look = ''] = recipes('## Operations')
  expect(JSON.parse(await play(launch))).toMatchObject({ name: 'greeter', template: 'hello' })
  expect(await play(look)).toContain('"name":"greeter"')
  await until(async () => (await alice.send('GET', '/api/services/greeter')).status === 404)
})

test('a file is sent and fetched', async () => {
  const [recipe = ''] = recipes('## Entries')
  await play(recipe)
  expect(await files.read('data/table.csv')).toBe('a,b\n1,2\n')
})

test('entries are copied by a job, which is followed, and then forgotten', async () => {
  const [begin = '', follow = ''] = recipes('### Copy and move')
  const job = /\{"id".*\}/.exec(await play(begin))?.[0] ?? '{}'
  const { id } = JSON.parse(job) as { id: string }
  const shared = await filesOf(backend, alice, 'shared')
  await until(async () => (await shared.list()).join() === 'data,notes.txt')
  await until(async () => ((await alice.send('GET', `/api/storage/jobs/${id}`)).body as { phase: string }).phase === 'finished')
  expect(await firstEvent(follow)).toContain(id)
  env['JOB'] = id
  await play(follow)
  expect(await alice.send('GET', `/api/storage/jobs/${id}`)).toMatchObject({ status: 404 })
})

test('entries are fetched as archives', async () => {
  const [recipe = ''] = recipes('### Archives')
  await play(recipe)
  expect(readFileSync(join(home, 'both.tar.gz')).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  expect(readFileSync(join(home, 'data.zip')).subarray(0, 2).toString()).toBe('PK')
})

test('a folder is listed as asked, and watched', async () => {
  const [list = ''] = recipes('### Listing')
  expect(JSON.parse(await play(list))).toMatchObject({ items: [{ name: 'table.csv' }] })
  expect(await firstEvent(recipes('### Watching')[0] ?? '')).toContain('"type":"ready"')
})

test('images are listed, and deleted by an administrator', async () => {
  const { digest } = await pushImage(registry.url, 'alice/app:1')
  const made = await admin.send('POST', '/api/account/tokens', { name: 'images', scopes: ['images', 'admin'] })
  Object.assign(env, { ADMIN: (made.body as { secret: string }).secret, DIGEST: digest })
  const [list = '', tags = '', remove = ''] = recipes('## Images')
  expect(JSON.parse(await play(list))).toMatchObject({ items: [{ name: 'alice/app' }], isWhole: true })
  expect(JSON.parse(await play(tags))).toMatchObject({ items: [{ tag: '1', digest }] })
  expect(JSON.parse(await play(remove))).toEqual({ digest, tags: [], services: [] })
  expect(JSON.parse(await play(tags)).items).toEqual([])
})

test('images are added from a file', async () => {
  writeFileSync(join(home, 'app.tar'), tarOf(dockerEntries([{ names: ['app:1'], layers: [Buffer.from('a layer')] }])))
  const [look = '', add = '', forget = ''] = recipes('### Images from files')
  expect(JSON.parse(await play(look.replace(/^curl .* -T .*$/m, (line) => `${line} -o /dev/null`)))).toMatchObject({
    images: [{ names: ['app:1'] }],
  })
  const { id } = JSON.parse(await play(add)) as { id: string }
  await until(
    async () => ((await alice.send('GET', `/api/images/additions/${id}`)).body as { phase: string }).phase === 'finished',
  )
  Object.assign(env, { ADDITION: id })
  await play(forget)
  expect(await alice.send('GET', `/api/images/additions/${id}`)).toMatchObject({ status: 404 })
})

test('a program is signed in by a code, refreshes, and is signed out', async () => {
  const [ask = '', tokens = ''] = recipes('## Editors and other programs')
  const { device_code, user_code } = JSON.parse(await play(ask)) as { device_code: string; user_code: string }
  expect(await alice.send('POST', '/api/account/editors', { code: user_code, isApproved: true })).toMatchObject({ status: 200 })
  const [redeem = '', refresh = '', revoke = ''] = tokens.trim().split('\n')
  const first = JSON.parse(await play(redeem.replace('device.…', device_code))) as { refresh_token: string }
  const next = JSON.parse(await play(refresh.replace('…', first.refresh_token))) as { refresh_token: string }
  await play(revoke.replace('…', next.refresh_token))
  expect((await alice.send('GET', '/api/account/editors')).body).toEqual({ items: [] })
})
