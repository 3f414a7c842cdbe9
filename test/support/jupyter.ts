import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import { until } from './until.ts'

const extension = fileURLToPath(new URL('../../jupyterlab-ext/', import.meta.url))

/** A JupyterLab from PyPI on a laptop, with our wheel in it. */
export interface Lab {
  /** Opens it signed in, as the address that JupyterLab prints does. */
  url: string
  /** Where the credential of a signed-in person is kept. */
  credentialsFile: string
  /** What the server wrote so far. */
  log(): string
  stop(): Promise<void>
}

/** Starts a JupyterLab with a home of its own; `environment` is what its owner has set. */
export async function startLab(environment: Record<string, string> = {}): Promise<Lab> {
  const python = join(
    (await run(process.execPath, [`${extension}venv.mjs`, `${extension}requirements-lab.txt`])).trim(),
    'bin/python',
  )
  const home = await mkdtemp(join(tmpdir(), 'karvdash-lab-'))
  const site = join(home, 'site')
  await installWheel(python, site)
  await mkdir(join(home, 'notebooks'))
  const token = randomBytes(16).toString('hex')
  const [port] = await freePorts(1)
  const settings = [`--port=${port}`, `--ServerApp.root_dir=${join(home, 'notebooks')}`, `--IdentityProvider.token=${token}`]
  const quiet = [
    '--no-browser',
    '--allow-root',
    '--LabApp.news_url=None',
    '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
  ]
  const child = spawn(python, ['-m', 'jupyterlab', ...settings, ...quiet], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      PYTHONPATH: site,
      JUPYTER_PATH: join(site, 'share/jupyter'),
      JUPYTER_CONFIG_PATH: join(site, 'etc/jupyter'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const ended = once(child, 'exit')
  const address = `http://127.0.0.1:${port}`
  await until(async () => (await fetch(`${address}/api`)).ok).catch((cause: unknown) => {
    throw new Error(`JupyterLab did not start\n${log}`, { cause })
  })
  return {
    url: `${address}/lab?token=${token}`,
    credentialsFile: join(home, '.local/share/jupyter/karvdash.json'),
    log: () => log,
    async stop() {
      child.kill('SIGKILL')
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Beside the cached packages, so that another wheel needs no other environment. */
async function installWheel(python: string, site: string): Promise<void> {
  const wheels = (await readdir(join(extension, 'dist'))).filter((name) => name.endsWith('.whl'))
  const wheel = wheels[0]
  if (wheel === undefined) throw new Error('There is no wheel: run `npm run build` first.')
  await run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--no-index',
    '--target',
    site,
    join(extension, 'dist', wheel),
  ])
}
