import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'
import { spawnDetached, waitsForWord } from './detached.ts'
import { withBlock } from './hosts.ts'
import { identify, isRunning, type ProcessId, signal } from './processes.ts'
import { until } from './wait.ts'

/** Places that Kubernetes and CNI write to whatever they are told; inside the sandbox each is a folder of the instance. */
export const boundFolders = ['/var/lib/kubelet', '/var/lib/cni', '/var/log/pods', '/var/log/containers']

/** Makes a sandbox, namespaces for network, mounts and processes, and gives its first process: when that ends, all ends. */
export async function createSandbox(noted: (init: ProcessId) => Promise<void>): Promise<ProcessId> {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc', '--propagation', 'slave']
  const parent = spawnDetached(['unshare', ...namespaces, 'tini', '--', ...waitsForWord, 'sleep', 'infinity'])
  const patience = { what: 'the sandbox', timeoutMs: 10_000, everyMs: 5, stillPossible: parent.throwIfEnded }
  const init = await until(async () => firstChild(parent.pid), patience)
  await noted(init)
  parent.go()
  return init
}

/** Gives the sandbox its own /run, the bound folders, name servers that can be reached from it, and names that it answers to itself. */
export async function furnishSandbox(init: ProcessId, folder: string, names: string[]): Promise<void> {
  const binds = await Promise.all(
    boundFolders.map(async (target) => {
      const source = join(folder, target.replaceAll('/', '-').slice(1))
      await mkdir(source, { recursive: true, mode: 0o755 })
      return `mount --bind '${source}' ${target}`
    }),
  )
  const resolv = join(folder, 'resolv.conf')
  await writeFile(resolv, (await nameServers()).map((ip) => `nameserver ${ip}\n`).join(''))
  const hosts = join(folder, 'hosts')
  await writeFile(hosts, withBlock(await readFile('/etc/hosts', 'utf8'), 'node', names))
  const target = await realpath('/etc/resolv.conf')
  await enter(init, 'sh', [
    '-ec',
    [
      ...binds,
      'mount -t tmpfs -o mode=755 karvdash /run',
      'mkdir -p /run/lock',
      `if [ ! -e ${target} ]; then mkdir -p "$(dirname ${target})"; touch ${target}; fi`,
      `mount --bind '${resolv}' ${target}`,
      `mount --bind '${hosts}' /etc/hosts`,
      'echo 1 > /proc/sys/net/ipv4/ip_forward',
      // Lets Traefik answer at 443 without being root.
      'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start',
    ].join('\n'),
  ])
}

/** Runs a program inside, to its end. */
export function enter(init: ProcessId, program: string, args: string[], input?: string): Promise<string> {
  const options = input === undefined ? {} : { input }
  return run('nsenter', ['-t', `${init.pid}`, '--net', '--mount', '--pid', '--', program, ...args], options)
}

/** What to start inside. */
export interface InsidePart {
  args: string[]
  log: string
}

/** Starts a program inside that outlives this process and the terminal; gives its name as known inside. */
export async function startInside(init: ProcessId, { args, log }: InsidePart): Promise<ProcessId> {
  // A child of a shell that ends at once belongs to the sandbox's first process, which buries it when it dies.
  const script = 'ulimit -n "$(ulimit -Hn)"; setsid "$@" </dev/null >>"$0" 2>&1 & echo $!'
  const pid = Number(await enter(init, 'sh', ['-c', script, log, ...args]))
  const started = identify(pid, insideProc(init))
  if (!started) throw new Error(`${args[0]} ended at once; see ${log}`)
  return started
}

/** Does a part still run inside its sandbox? */
export function runsInside(init: ProcessId, part: ProcessId | undefined): boolean {
  return isRunning(part, insideProc(init))
}

/** Ends a part inside and resolves when it is gone. */
export async function stopInside(init: ProcessId, part: ProcessId): Promise<void> {
  if (!runsInside(init, part)) return
  await enter(init, 'sh', ['-c', `kill ${part.pid}`])
  const patience = { what: `the end of process ${part.pid} in the sandbox`, timeoutMs: 10_000, everyMs: 20 }
  await until(async () => !runsInside(init, part), patience).catch(() => enter(init, 'sh', ['-c', `kill -9 ${part.pid}`]))
}

/** Ends the sandbox: the kernel takes its processes, mounts, interfaces and rules along. */
export async function destroySandbox(init: ProcessId, { graceMs }: { graceMs: number }): Promise<void> {
  if (!isRunning(init)) return
  if (graceMs > 0) await askToEnd(init, graceMs)
  signal(init, 'SIGKILL')
  await until(async () => !existsSync(`/proc/${init.pid}/root/proc`) || !isRunning(init), {
    what: 'the end of the sandbox',
    timeoutMs: 30_000,
    everyMs: 10,
  })
}

/** Gives databases in pods a moment to close their files. */
async function askToEnd(init: ProcessId, graceMs: number): Promise<void> {
  // 1 is tini, 2 what it holds; the API server waits long for its clients, for no gain here.
  const others = 'cd /proc; for p in [0-9]*; do [ $p -le 2 ] || [ $p = $$ ] || grep -sv kubernetes $p/comm; done; true'
  await enter(init, 'sh', ['-c', 'trap "" TERM; kill -TERM -1']).catch(() => undefined)
  await until(async () => (await enter(init, 'sh', ['-c', others])).trim() === '', { what: '', timeoutMs: graceMs }).catch(
    () => undefined,
  )
}

function insideProc(init: ProcessId): string {
  return `/proc/${init.pid}/root/proc`
}

/** The forked child becomes tini only after its namespaces and /proc are in place. */
function firstChild(parent: number): ProcessId | undefined {
  const pid = Number(readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').split(' ')[0])
  return pid && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'tini' ? identify(pid) : undefined
}

/** A name server on the host's loopback (systemd-resolved) does not answer inside; those it asks do. */
async function nameServers(): Promise<string[]> {
  const candidates = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']
  for (const file of candidates) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const found = [...text.matchAll(/^nameserver\s+([\d.]+)/gm)].map(([, ip]) => ip ?? '').filter((ip) => !ip.startsWith('127.'))
    if (found.length > 0) return found
  }
  return []
}
