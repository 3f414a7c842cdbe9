import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { binary } from './binaries.ts'
import { installCommand, missingPackages } from './prerequisites.ts'
import { say } from './progress.ts'

/** Is this process allowed to make namespaces and interfaces? */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Runs this very command again as root, after saying what for, and ends with its result. */
export async function runAgainAsRoot(): Promise<never> {
  // Compiling needs no root, and the caches should belong to the person.
  if (process.argv[2] === 'start') for (const name of ['kubernetes', 'coredns', 'helm', 'traefik'] as const) await binary(name)
  const command = ['sudo', 'env', ...keptEnvironment(), process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const why = await reasons()
  if (!process.stdin.isTTY) throw new Error(`${why}\nRun it as root:\n  ${command.join(' ')}`)
  say(why)
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  process.exit(code ?? 1)
}

async function reasons(): Promise<string> {
  const missing = await missingPackages()
  return [
    'A node needs root (sudo asks for your password once):',
    ...(missing.length > 0 ? [`  * ${installCommand(missing)}`] : []),
    '  * unshare, nsenter, mount, ip link, nft: a network, mounts and processes of its own, apart from yours',
    '  * containerd, kubelet, kube-proxy: run in there',
    '  * lines in /etc/hosts and update-ca-certificates, so that its address is found and trusted; `stop` takes them out again',
  ].join('\n')
}

/** sudo forgets where the person's folders are. */
function keptEnvironment(): string[] {
  const names = ['HOME', 'PATH', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'GOPROXY']
  return names.filter((name) => process.env[name] !== undefined).map((name) => `${name}=${process.env[name]}`)
}
