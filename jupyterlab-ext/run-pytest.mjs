// Runs the tests of the server part in a virtual environment of its own; arguments are pytest's. Its exit code is pytest's.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { environment } from './venv.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const python = `${await environment(`${here}requirements-test.txt`)}/bin/python`
const env = { ...process.env, PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1' }
const { status } = spawnSync(python, ['-m', 'pytest', '-q', ...process.argv.slice(2)], { cwd: here, env, stdio: 'inherit' })
process.exitCode = status ?? 1
