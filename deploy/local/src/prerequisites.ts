import { existsSync } from 'node:fs'
import { access, constants, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'
import { step } from './progress.ts'

/**
 * What the node uses, and the package that brings it. Looked for by file and not by package, since Docker's own packages bring
 * containerd and runc too, and installing Debian's beside them would remove Docker.
 */
const tools: Record<string, string> = {
  containerd: 'containerd',
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  buildah: 'buildah',
  mmdebstrap: 'mmdebstrap',
  nft: 'nftables',
  iptables: 'iptables',
  conntrack: 'conntrack',
  ipset: 'ipset',
  setfacl: 'acl',
  tini: 'tini',
  ip: 'iproute2',
  openssl: 'openssl',
  'update-ca-certificates': 'ca-certificates',
  certutil: 'libnss3-tools',
  nsenter: 'util-linux',
  mount: 'mount',
}

/** Services that packages enable, and that have no business running on a machine that did not ask for them. */
const unwantedServices = ['containerd', 'docker-registry']

/** Names of the packages whose programs are missing, all at once. */
export async function missingPackages(wanted: Record<string, string> = tools): Promise<string[]> {
  const found = await Promise.all(Object.entries(wanted).map(async ([tool, name]) => ((await isThere(tool)) ? [] : [name])))
  return [...new Set(found.flat())]
}

/** Installs what is missing of these tools and packages, by default those of a node. Needs root. */
export async function requirePackages(wanted: Record<string, string> = tools): Promise<void> {
  const missing = await missingPackages(wanted)
  if (missing.length === 0) return
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `these packages are missing: ${missing.join(' ')}. They are installed automatically on Debian 12 and Ubuntu 24.04 only.`,
    )
  }
  await step(`Installing ${missing.join(' ')}`, () => withoutStartingServices(() => install(missing)))
}

/** Installs Python and what makes virtual environments: Debian's Python lacks it without a package of its own. Needs root. */
export async function requirePython(): Promise<void> {
  const complete = await run('python3', ['-c', 'import ensurepip, venv']).then(
    () => true,
    () => false,
  )
  if (!complete) await requirePackages({ '/usr/share/doc/python3-venv': 'python3-venv' })
}

/** The command that would install packages, for people to read or run. */
export function installCommand(packages: string[]): string {
  return `apt-get ${installArgs.join(' ')} ${packages.join(' ')}`
}

// --no-remove: better to fail than to take something away from the user.
const installArgs = ['install', '--yes', '--no-install-recommends', '--no-remove']

async function install(packages: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', [...installArgs, ...packages], { env })
  const unwanted = unwantedServices.filter((service) => packages.includes(service))
  if (existsSync('/run/systemd/system') && unwanted.length > 0) await run('systemctl', ['disable', ...unwanted])
}

const policy = '/usr/sbin/policy-rc.d'
const kept = `${policy}.before-karvdash`

/** Debian's way to say that installing must start nothing: a policy that answers 101. One that is there is put back after. */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(policy) && !(await isOurs())) await rename(policy, kept)
  await writeFile(policy, ourPolicy, { mode: 0o755 })
  try {
    await work()
  } finally {
    if (existsSync(kept)) await rename(kept, policy)
    else await rm(policy)
  }
}

const ourPolicy = '#!/bin/sh\n# karvdash is installing packages; their services stay off.\nexit 101\n'

/** Left by an installation that was interrupted. */
async function isOurs(): Promise<boolean> {
  return (await readFile(policy, 'utf8')) === ourPolicy
}

async function isThere(tool: string): Promise<boolean> {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  const candidates = tool.startsWith('/') ? [tool] : folders.map((folder) => join(folder, tool))
  const found = await Promise.all(
    candidates.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
