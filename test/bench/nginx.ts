import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawnChild } from '@karvdash/local/child'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import { until } from '../support/until.ts'

/** An nginx on loopback that gives a tiny file to whoever may have it. */
export interface Nginx {
  /** It asks for a name and a password of a bcrypt file. */
  url: string
  /** It asks an address that always agrees (`auth_request`). */
  askedUrl: string
  /** Of the one worker, which does all the work. */
  pid: number
  stop(): Promise<void>
}

/** Starts one; the file is as `htpasswd -B` makes it. */
export async function startNginx(folder: string, { username, password }: { username: string; password: string }): Promise<Nginx> {
  const [port = 0] = await freePorts(1)
  await mkdir(join(folder, 'www'), { recursive: true })
  await writeFile(join(folder, 'www/index.html'), 'ok\n')
  await run('htpasswd', ['-cbB', join(folder, 'htpasswd'), username, password])
  const url = `http://127.0.0.1:${port}`
  return { url: `${url}/index.html`, askedUrl: `${url}/asked/index.html`, ...(await runNginx(folder, locked(folder, port))) }
}

/** Runs an nginx with a folder for its own files, and one worker; the `server` is of its configuration. */
export async function runNginx(folder: string, server: string): Promise<Pick<Nginx, 'pid' | 'stop'>> {
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, server))
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  const child = spawnChild({ name: 'nginx', program: 'nginx', args, log: join(folder, 'output.log') })
  const pid = await until(async () => {
    child.throwIfFailed()
    return Number((await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim())
  })
  return { pid, stop: child.kill }
}

function configuration(folder: string, server: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`)
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  keepalive_requests 100000000;
  ${temporary.join(' ')}
${server}
}
`
}

/** It asks for a name and a password of a bcrypt file, or an address that always agrees. */
function locked(folder: string, port: number): string {
  return `
  server {
    listen 127.0.0.1:${port};
    root ${folder}/www;
    auth_basic "bench";
    auth_basic_user_file ${folder}/htpasswd;
    location /asked/ { auth_basic off; auth_request /yes; alias ${folder}/www/; }
    location = /yes { auth_basic off; internal; return 200; }
  }
`
}
