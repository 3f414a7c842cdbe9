import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { sshKeyOf } from './ssh-key.ts'

test('the key pair of a service is one that OpenSSH reads, and whose halves belong together', () => {
  const folder = mkdtempSync(join(tmpdir(), 'karvdash-ssh-'))
  try {
    const key = sshKeyOf('a secret')
    const file = join(folder, 'id')
    writeFileSync(file, key.private, { mode: 0o600 })
    expect(execFileSync('ssh-keygen', ['-y', '-f', file]).toString().trim()).toBe(key.public)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('it is the same for the same secret, and another for another', () => {
  expect(sshKeyOf('a secret')).toEqual(sshKeyOf('a secret'))
  expect(sshKeyOf('a secret').public).not.toBe(sshKeyOf('another').public)
})
