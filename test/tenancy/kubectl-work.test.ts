import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { binary } from '@karvdash/local/binaries'
import { activeUser, openSystem, type System, until } from '../support/system.ts'

const user = `ku${Date.now().toString(36)}`
const namespace = `karvdash-${user}`
const image = 'docker.io/library/debian:bookworm-slim'
let system: System
let folder: string

beforeAll(async () => {
  system = await openSystem()
  folder = await mkdtemp(join(tmpdir(), 'karvdash-work-'))
  await activeUser(system, user)
}, 60_000)
afterAll(async () => {
  await system?.close()
  await rm(folder, { recursive: true, force: true })
})

const kubectl = (...args: string[]) => system.kubectlAs(user, ...args)
const value = (path: string, ...what: string[]) => kubectl('get', ...what, '-o', `jsonpath={${path}}`)
async function applied(object: { kind: string; metadata: { name: string } }): Promise<void> {
  const file = join(folder, `${object.kind}-${object.metadata.name}.json`)
  await writeFile(file, JSON.stringify(object))
  await kubectl('apply', '-f', file)
}
const container = (script: string, more: object = {}) => ({ name: 'main', image, command: ['sh', '-c', script], ...more })
const podOf = (name: string, spec: object) => ({
  metadata: { labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, ...spec },
})
const workload = (kind: string, name: string, script: string, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: podOf(name, { containers: [container(script)] }),
    ...more,
  },
})

describe('a user’s own work with kubectl', () => {
  test('a Deployment is applied, scaled, rolled out, read, entered and deleted', async () => {
    await applied(workload('Deployment', 'web', 'echo begun; exec sleep 1000000'))
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
    expect(await kubectl('logs', 'deployment/web')).toBe('begun\n')
    expect(await kubectl('exec', 'deployment/web', '--', 'cat', '/etc/debian_version')).toMatch(/^12/)
    await kubectl('scale', 'deployment/web', '--replicas=2')
    await until('two replicas', async () => (await value('.status.readyReplicas', 'deployment', 'web')) === '2')
    await kubectl('set', 'env', 'deployment/web', 'GREETING=hello')
    await kubectl('rollout', 'restart', 'deployment/web')
    await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
    await kubectl('rollout', 'undo', 'deployment/web')
    await kubectl('autoscale', 'deployment/web', '--min=1', '--max=2')
    await kubectl('expose', 'deployment/web', '--port=80', '--target-port=8080')
    await kubectl('delete', 'deployment,service,hpa', 'web')
  }, 120_000)

  test('a Job runs to its end, and so does one that a CronJob made', async () => {
    await kubectl('create', 'job', 'once', `--image=${image}`, '--', 'echo', 'done')
    await kubectl('wait', '--for=condition=complete', 'job/once', '--timeout=60s')
    expect(await kubectl('logs', 'job/once')).toBe('done\n')
    await kubectl('create', 'cronjob', 'daily', `--image=${image}`, '--schedule=0 3 * * *', '--', 'echo', 'daily')
    await kubectl('create', 'job', 'now', '--from=cronjob/daily')
    await kubectl('wait', '--for=condition=complete', 'job/now', '--timeout=60s')
    await kubectl('delete', 'job,cronjob', '--all')
  }, 120_000)

  test('a StatefulSet has its claims, and they outlive it', async () => {
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `work-${user}` },
      spec: {
        ...{ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: `work-${user}` },
        hostPath: { path: join(system.node.domainsFolder, `volume-${user}`), type: 'DirectoryOrCreate' },
      },
    }
    const file = join(folder, 'volume.json')
    await writeFile(file, JSON.stringify(volume))
    await system.kubectl('create', '-f', file)
    const claim = {
      accessModes: ['ReadWriteOnce'],
      storageClassName: `work-${user}`,
      resources: { requests: { storage: '1Gi' } },
    }
    const keeper = container('echo kept > /data/file; exec sleep 1000000', {
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    })
    const claims = {
      serviceName: 'db',
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      template: podOf('db', { containers: [keeper] }),
    }
    await applied(workload('StatefulSet', 'db', '', claims))
    await kubectl('rollout', 'status', 'statefulset/db', '--timeout=60s')
    expect(await kubectl('exec', 'db-0', '--', 'cat', '/data/file')).toBe('kept\n')
    await kubectl('delete', 'statefulset', 'db')
    expect(await value('.status.phase', 'persistentvolumeclaim', 'data-db-0')).toBe('Bound')
    await kubectl('delete', 'persistentvolumeclaim', 'data-db-0')
    await system.kubectl('delete', 'persistentvolume', `work-${user}`)
    await rm(join(system.node.domainsFolder, `volume-${user}`), { recursive: true })
  }, 120_000)

  test('settings, secrets, accounts and rights of their own', async () => {
    await kubectl('create', 'configmap', 'settings', '--from-literal=a=b')
    await kubectl('patch', 'configmap', 'settings', '-p', '{"data":{"a":"c"}}')
    await kubectl('create', 'secret', 'generic', 'key', '--from-literal=a=b')
    await kubectl('create', 'serviceaccount', 'robot')
    await kubectl('create', 'role', 'reader', '--verb=get,list', '--resource=pods')
    await kubectl('create', 'rolebinding', 'robot', '--role=reader', `--serviceaccount=${namespace}:robot`)
    const robot = ['--as', `system:serviceaccount:${namespace}:robot`, '-n', namespace]
    expect(await system.kubectl('auth', 'can-i', 'list', 'pods', ...robot)).toContain('yes')
    expect((await kubectl('create', 'token', 'robot', '--duration=1h')).split('.')).toHaveLength(3)
    await kubectl('delete', 'configmap/settings', 'secret/key', 'serviceaccount/robot', 'role/reader', 'rolebinding/robot')
  })

  test('a port of a pod is forwarded to their own machine', async () => {
    const listen = 'IO::Socket::INET->new(LocalPort => 8080, Listen => 5, Reuse => 1)'
    const script = `exec perl -MIO::Socket::INET -e '$s = ${listen}; while ($c = $s->accept) { print $c "hello from the pod\\n"; close $c }'`
    await kubectl('run', 'port', `--image=${image}`, '--grace-period=0', '--command', '--', 'sh', '-c', script)
    await kubectl('wait', '--for=condition=Ready', 'pod/port', '--timeout=60s')
    expect(await saidBy('pod/port', 8080)).toBe('hello from the pod\n')
    await kubectl('delete', 'pod', 'port')
  }, 90_000)
})

/** What a port of a pod says to whoever connects to the port it is forwarded to. */
async function saidBy(pod: string, port: number): Promise<string> {
  const account = `system:serviceaccount:${namespace}:default`
  const flags = ['--kubeconfig', system.node.kubeconfig, '--as', account, '-n', namespace]
  const forward = spawn(await binary('kubernetes'), ['kubectl', ...flags, 'port-forward', pod, `:${port}`])
  try {
    const [line] = (await once(forward.stdout, 'data')) as [Buffer]
    const socket = connect(Number(/127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1]), '127.0.0.1')
    let said = ''
    for await (const chunk of socket) said += chunk
    return said
  } finally {
    forward.kill()
  }
}
