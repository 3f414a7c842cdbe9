import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { binary } from '@karvdash/local/binaries'
import { spawnChild } from '@karvdash/local/child'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import { until } from '../support/until.ts'
import { runNginx } from './nginx.ts'

/** A server on loopback that gives the files below a folder to anybody. */
export interface FileServer {
  url: string
  /** Of the one process that does all the work. */
  pid: number
  stop(): Promise<void>
}

/** What a server serves, and where it may keep its own files; both on one file system, so that what was sent can be renamed. */
export interface Served {
  root: string
  state: string
}

/** nginx, which takes files too (`dav`). */
export async function nginxFiles({ root, state }: Served): Promise<FileServer> {
  await mkdir(state, { recursive: true })
  const [port = 0] = await freePorts(1)
  const server = `
    sendfile on;
    client_max_body_size 0;
    server { listen 127.0.0.1:${port}; root ${root}; dav_methods PUT; }`
  return { url: `http://127.0.0.1:${port}`, ...(await runNginx(state, server)) }
}

/** Debian's caddy, which gives files and takes none. */
export function caddyFiles({ root, state }: Served): Promise<FileServer> {
  return started(state, 'caddy', (port) => ({
    program: 'caddy',
    args: ['file-server', '--root', root, '--listen', `127.0.0.1:${port}`],
  }))
}

/** rclone, as a WebDAV server. */
export async function rcloneFiles({ root, state }: Served): Promise<FileServer> {
  const program = await binary('rclone')
  const flags = (port: number) => ['--config', join(state, 'rclone.conf'), '--addr', `127.0.0.1:${port}`]
  return started(state, 'rclone', (port) => ({ program, args: ['serve', 'webdav', ...flags(port), root] }))
}

const extension = fileURLToPath(new URL('../../jupyterlab-ext/', import.meta.url))

/** jupyter_server, whose contents API is how JupyterLab lists folders. */
export async function jupyterFiles({ root, state }: Served): Promise<FileServer> {
  const made = await run(process.execPath, [`${extension}venv.mjs`, `${extension}requirements-lab.txt`])
  const open = ['--allow-root', '--no-browser', '--IdentityProvider.token=', '--ServerApp.password=']
  return started(state, 'jupyter_server', (port) => ({
    program: join(made.trim(), 'bin/python'),
    args: ['-m', 'jupyter_server', `--port=${port}`, `--ServerApp.root_dir=${root}`, ...open],
  }))
}

type Program = (port: number) => { program: string; args: string[] }

async function started(state: string, name: string, on: Program): Promise<FileServer> {
  await mkdir(state, { recursive: true })
  const [port = 0] = await freePorts(1)
  const child = spawnChild({ name, ...on(port), log: join(state, `${name}.log`) })
  const url = `http://127.0.0.1:${port}`
  await until(() => {
    child.throwIfFailed()
    return fetch(url, { method: 'HEAD' })
  })
  return { url, pid: child.pid, stop: child.kill }
}
