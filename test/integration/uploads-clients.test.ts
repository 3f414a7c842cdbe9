import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { partPrefix } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import { Upload } from 'tus-js-client'
import type { Backend } from '../support/backend.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { type Files, filesOf } from '../support/files.ts'
import { type Line, startLine } from '../support/line.ts'
import { activeUser } from '../support/people.ts'
import { tusOf } from '../support/tus.ts'
import { until } from '../support/until.ts'

const mebibyte = 1024 * 1024
const bytes = randomBytes(24 * mebibyte + 7)
let cluster: Cluster
let backend: Backend
let files: Files
let folder: string
let source: string
let line: Line

beforeAll(async () => {
  cluster = await startCluster('uploads-clients')
  backend = await cluster.backend()
  files = await filesOf(backend, await activeUser(backend, 'alice'))
  folder = join(cluster.domains, 'local/alice')
  source = join(cluster.plane.folder, 'source')
  writeFileSync(source, bytes)
  line = await startLine(backend)
}, 60_000)
afterAll(async () => {
  await line?.stop()
  await cluster?.stop()
})

const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

/** Waits until some of an upload lies there, ends the backend as a lost machine would, and starts it again; till then no more comes. */
async function killedInTheMiddle(): Promise<void> {
  line.hold(8 * mebibyte)
  const sizes = () =>
    readdirSync(folder).flatMap((name) => (name.startsWith(partPrefix) ? [statSync(join(folder, name)).size] : []))
  await until(() => sizes().some((size) => size > 4 * mebibyte))
  await backend.kill()
  expect(Math.max(...sizes())).toBeLessThan(bytes.length)
  backend = await cluster.backend({ KARVDASH_HTTP_PORT: new URL(backend.url).port })
  line.letGo()
}

test('tus-js-client goes on after the backend was killed, and all bytes are there', async () => {
  let retries = 0
  const uploaded = new Promise<void>((resolve, reject) => {
    const upload = new Upload(createReadStream(source), {
      endpoint: tusOf(files, line.url).endpoint('by tus-js-client'),
      headers: files.headers,
      uploadSize: bytes.length,
      chunkSize: mebibyte,
      retryDelays: Array.from({ length: 60 }, () => 250),
      metadata: { filename: 'ignored' },
      onShouldRetry: () => ++retries > 0,
      onSuccess: () => resolve(),
      onError: reject,
    })
    upload.start()
  })
  await Promise.all([uploaded, killedInTheMiddle()])
  expect(retries).toBeGreaterThan(0)
  expect(digest(readFileSync(join(folder, 'by tus-js-client')))).toBe(digest(bytes))
})

test('tuspy goes on after the backend was killed, with a checksum of each piece, and all bytes are there', async () => {
  const here = fileURLToPath(new URL('../support/tuspy/', import.meta.url))
  const venv = fileURLToPath(new URL('../../jupyterlab-ext/venv.mjs', import.meta.url))
  const python = join((await run(process.execPath, [venv, `${here}requirements.txt`])).trim(), 'bin/python')
  const endpoint = tusOf(files, line.url).endpoint('by tuspy')
  const uploaded = promisify(execFile)(python, [`${here}upload.py`, endpoint, source, files.headers['authorization'] ?? ''])
  await Promise.all([uploaded, killedInTheMiddle()])
  expect((await uploaded).stdout).not.toContain('after 0 failures')
  expect(digest(readFileSync(join(folder, 'by tuspy')))).toBe(digest(bytes))
})

test('curl does, as the documents print it, and goes on where it broke off', async () => {
  await files.createFolder('data')
  const docs = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const section = docs.slice(docs.indexOf('### Resumable uploads'), docs.indexOf('## Errors'))
  const [whole = '', rest = ''] = [...section.matchAll(/```sh\n([^`]*)```/g)].map(([, script]) => script)
  const env = { ...process.env, URL: backend.url, TOKEN: files.headers['authorization']?.slice('Bearer '.length) }
  const cwd = cluster.plane.folder
  writeFileSync(join(cwd, 'big.bin'), bytes)
  const shell = (script: string) => promisify(execFile)('sh', ['-ec', script], { cwd, env })
  await shell(whole)
  expect(digest(readFileSync(join(folder, 'data/big.bin')))).toBe(digest(bytes))
  await files.remove('data/big.bin')
  const [begin = '', send = ''] = whole.split(/^(?=curl -H)/m)
  // As if the line had broken after so many bytes.
  await shell(`${begin}\nhead -c 3000000 big.bin | ${send.replace('-T big.bin', '-T -')}\n${rest}\ntest $OFFSET = 3000000`)
  expect(digest(readFileSync(join(folder, 'data/big.bin')))).toBe(digest(bytes))
})
