import { readFile, writeFile } from 'node:fs/promises'
import { run } from './command.ts'
import type { ProcessId } from './processes.ts'
import { mirrorPort } from './registries.ts'
import { freeSubnets, type Subnet, subnet } from './subnets.ts'

/** What to join, and who must know the network before anything on the host depends on it. */
export interface Connection {
  name: string
  init: ProcessId
  preferred: number | undefined
  noted: (subnet: Subnet) => Promise<void>
}

/** Joins a sandbox to the host by a pair of interfaces, on a network nothing else uses, and lets it reach the outside. */
export async function connect({ name, init, preferred, noted }: Connection): Promise<Subnet> {
  const joined = await addLink(init, preferred)
  await noted(joined)
  await Promise.all([bringUp(name, joined, init), allowEgress(name, joined)])
  return joined
}

/** Takes back what `connect` did on the host; harmless where nothing is left. */
export async function disconnect(name: string, index: number | undefined): Promise<void> {
  await run('nft', ['delete', 'table', 'ip', tableOf(name)]).catch(() => undefined)
  if (index === undefined) return
  const { link, cidr } = subnet(index)
  // By now another instance may have the number.
  if (await isConnected(name, index)) await run('ip', ['link', 'delete', link]).catch(() => undefined)
  for (const rule of dockerRules(name, cidr)) await run('iptables', ['-w', '-D', 'DOCKER-USER', ...rule]).catch(() => undefined)
}

/** Is the instance still joined to the host? Someone may have taken its interface away. */
export async function isConnected(name: string, index: number | undefined): Promise<boolean> {
  return index !== undefined && (await aliasOf(subnet(index).link)) === tableOf(name)
}

function aliasOf(link: string): Promise<string | undefined> {
  return readFile(`/sys/class/net/${link}/ifalias`, 'utf8').then(
    (alias) => alias.trim(),
    () => undefined,
  )
}

/** A network is ours once the interface named after it exists: two instances that start together cannot take the same. */
async function addLink(init: ProcessId, preferred?: number): Promise<Subnet> {
  const routes = JSON.parse(await run('ip', ['-json', '-4', 'route', 'show', 'table', 'all'])) as { dst: string }[]
  let cause: unknown
  for (const candidate of freeSubnets(
    routes.map(({ dst }) => dst),
    preferred,
  )) {
    try {
      await run('ip', [...['link', 'add', candidate.link, 'type', 'veth'], ...['peer', 'name', 'eth0', 'netns', `${init.pid}`]])
      return candidate
    } catch (error) {
      cause = error
      if (!`${error}`.includes('File exists')) break
    }
  }
  throw new Error('no network could be made between the host and the cluster', { cause })
}

async function bringUp(name: string, { link, hostIp, nodeIp }: Subnet, init: ProcessId): Promise<void> {
  await ipBatch([], [`link set ${link} alias ${tableOf(name)}`, `address add ${hostIp}/30 dev ${link}`, `link set ${link} up`])
  await ipBatch(
    ['nsenter', '-t', `${init.pid}`, '--net'],
    ['link set lo up', `address add ${nodeIp}/30 dev eth0`, 'link set eth0 up', `route add default via ${hostIp}`],
  )
}

async function ipBatch(prefix: string[], lines: string[]): Promise<void> {
  const [program = '', ...args] = [...prefix, 'ip', '-batch', '-']
  await run(program, args, { input: `${lines.join('\n')}\n` })
}

/**
 * A table of our own: nothing of the user's firewall is read or changed, but for the one chain Docker keeps for this. Forwarding goes
 * outwards only, or neighbours on the local network and pods of other instances would reach what is meant for this machine. What is
 * pushed to the mirror runs as root in the cluster, so only root may push.
 */
async function allowEgress(name: string, { cidr, link }: Subnet): Promise<void> {
  const table = `table ip ${tableOf(name)} {
    chain postrouting {
      type nat hook postrouting priority srcnat;
      ip saddr ${cidr} oifname != "${link}" masquerade
    }
    chain forward {
      type filter hook forward priority filter;
      oifname "${link}" ct state new drop
    }
    chain output {
      type filter hook output priority filter;
      oifname "${link}" tcp dport ${mirrorPort} meta skuid != 0 reject with tcp reset
    }
  }\n`
  await run('nft', ['-f', '-'], { input: table })
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
  const hasDocker = await run('iptables', ['-w', '-n', '-L', 'DOCKER-USER']).then(
    () => true,
    () => false,
  )
  if (!hasDocker) return
  for (const rule of dockerRules(name, cidr)) await run('iptables', ['-w', '-I', 'DOCKER-USER', ...rule])
}

// Docker drops what is forwarded and not its own; DOCKER-USER is where it lets others object.
function dockerRules(name: string, cidr: string): string[][] {
  const accept = ['-m', 'comment', '--comment', tableOf(name), '-j', 'ACCEPT']
  return [
    ['-s', cidr, ...accept],
    ['-d', cidr, ...accept],
  ]
}

function tableOf(name: string): string {
  return `karvdash-${name}`
}
