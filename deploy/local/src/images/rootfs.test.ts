import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { changesOf } from './rootfs.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-rootfs-'))
  await mkdir(join(folder, 'scratch'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

test('a layer holds what was laid over the root, however old its date, and the folders it lies in', async () => {
  const overlay = join(folder, 'overlay')
  await mkdir(join(overlay, 'etc'), { recursive: true })
  await writeFile(join(overlay, 'etc/old'), 'from long ago')
  await utimes(join(overlay, 'etc/old'), 0, 0)
  const source = join(folder, 'source')
  await writeFile(source, 'a program')

  const changes = { below: [], overlay, files: { 'usr/bin/program': source }, setup: join(folder, 'none') }
  const { program, args, input } = await changesOf(changes, join(folder, 'scratch'))
  const tar = execFileSync(program, args, { input })

  const names = execFileSync('tar', ['--list'], { input: tar }).toString().trim().split('\n')
  expect(names).toEqual(['./etc/', './etc/old', './usr/', './usr/bin/', './usr/bin/program'])
})
