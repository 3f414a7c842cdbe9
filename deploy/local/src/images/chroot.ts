import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'

import { run } from '../command.ts'

const hostCertificates = '/etc/ssl/certs/ca-certificates.crt'
const certificates = '/tmp/host-certificates.crt'

/**
 * Runs a shell script inside a root folder, with this machine's network, proxies and certificates, and cleans up what
 * package managers leave. The mounts live in a namespace of their own: when the script ends or is killed they are gone.
 */
export async function runInside(root: string, script: string): Promise<void> {
  await cp('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true })
  if (existsSync(hostCertificates)) await cp(hostCertificates, join(root, certificates))
  const enter = 'mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; exec chroot "$0" bash -eu -s'
  const environment = Object.entries(insideEnvironment()).map(([name, value]) => `${name}=${value}`)
  await run(
    'env',
    ['-i', ...environment, 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-eu', '-c', enter, root],
    {
      input: script,
    },
  )
  await Promise.all(leftovers.map((pattern) => run('sh', ['-c', `rm -rf -- "$0"/${pattern}`, root])))
}

const leftovers = [
  'etc/resolv.conf',
  'tmp/*',
  'root/.cache',
  'var/cache/apt/*.bin',
  'var/cache/apt/archives/*.deb',
  'var/cache/ldconfig/aux-cache',
  'var/lib/apt/lists/*_*',
  'var/log/*.log',
  'var/log/apt/*',
]

function insideEnvironment(): Record<string, string> {
  const passed = /^(https?_proxy|no_proxy|PIP_INDEX_URL|PIP_EXTRA_INDEX_URL|PIP_DEFAULT_TIMEOUT|npm_config_registry)$/i
  const fromHost = Object.entries(process.env).filter(([name, value]) => passed.test(name) && value)
  return {
    ...Object.fromEntries(fromHost.map(([name, value]) => [name, value ?? ''])),
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    SSL_CERT_FILE: certificates,
    PIP_CERT: certificates,
    NODE_EXTRA_CA_CERTS: certificates,
  }
}
