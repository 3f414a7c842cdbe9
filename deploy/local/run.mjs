#!/usr/bin/env node
// The one way in: needs nothing but Node 18 and npm. Installs the project's packages when they changed, Node 24 among them, and goes on there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const node = join(root, 'node_modules/node/bin/node')
const stamp = join(root, 'node_modules/.karvdash-installed')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (Number(process.versions.node.split('.')[0]) < 18) {
  process.stderr.write(`Node ${process.versions.node} is too old: install Node 18 or later, and npm.\n`)
  process.exit(1)
}
const isInstalled = existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
if (!isInstalled) {
  process.stderr.write('Installing the npm packages ...\n')
  // The npm that runs us, where one does; its own settings would otherwise leak into the next.
  const npm = process.env.npm_execpath
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of some other platform.
  run(npm ? process.execPath : 'npm', [
    ...(npm ? [npm] : []),
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  writeFileSync(stamp, wanted)
}
run(node, ['--conditions=source', join(root, 'deploy/local/src/tasks/tasks.ts'), ...process.argv.slice(2)])

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (error) process.stderr.write(`${program} cannot be started: ${error.message}\n`)
  if (status !== 0) process.exit(status ?? 1)
}
