import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { KubeObject } from '@karvdash/backend/kubernetes/objects'
import { contract, type Service } from '@karvdash/common'
import { job, memory, mounting, type Oddity, script, workload } from '../support/faulty.ts'
import { lockedRegistry, type Part, sternWebhook, webhookOf } from '../support/faulty-parts.ts'
import { create, recordService } from '../support/recorded.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

const run = Date.now().toString(36)
const user = `ca${run}`
const namespace = `karvdash-${user}`
const webhooks = [`causes-away-${run}`, `causes-stern-${run}`]
const volume = `causes-${run}`
const parts: Part[] = []
let system: System
let client: ReturnType<typeof clientOf>

/** A real fault, what it is called, and what people are told. */
interface Fault {
  name: string
  objects: (KubeObject | Oddity)[]
  state?: Service['state']
  cause: Service['cause']
  words: string | RegExp
  /** The last lines of the program. */
  lastLog?: string[]
}

const faults = (registry: string, locked: string, largest: string): Fault[] => [
  {
    name: 'image-missing',
    objects: [{ main: { image: `${registry}/nobody/nothing:1` } }],
    cause: 'image-not-found',
    words: `There is no image "${registry}/nobody/nothing:1". Check its name and tag.`,
  },
  {
    name: 'image-locked',
    objects: [{ main: { image: `${locked}/secret/thing:1` } }],
    cause: 'pull-forbidden',
    words: `You may not pull the image "${locked}/secret/thing:1": it is private, or there is none of that name. Check its name, or give the service a pull secret for ${locked}.`,
  },
  {
    name: 'image-odd',
    objects: [{ main: { image: 'Not A Name' } }],
    cause: 'image-name',
    words: '"Not A Name" is not the name of an image. Launch it with a name such as docker.io/library/debian:bookworm.',
  },
  {
    name: 'registry-away',
    objects: [{ main: { image: 'registry.nowhere.invalid/x/y:1' } }],
    cause: 'registry-unreachable',
    words:
      'The registry registry.nowhere.invalid of the image "registry.nowhere.invalid/x/y:1" cannot be found. Check the name; if it is right, ask an administrator whether the cluster reaches it.',
  },
  {
    name: 'too-large',
    objects: [{ main: memory(largest) }],
    state: 'Queued',
    cause: 'unschedulable',
    words:
      /^No node can take it now: not enough memory: it asks for [\d.]+Gi, the most that one node has free is [\d.]+[GM]i. Ask for less, or wait until others need less.$/,
  },
  {
    name: 'odd-node',
    objects: [{ pod: { nodeSelector: { 'example.org/gpu': 'yes' } } }],
    state: 'Queued',
    cause: 'unschedulable',
    words:
      'No node can take it now: it wants a node of a kind that there is not (nodeSelector or affinity). Change what it asks for, or ask an administrator.',
  },
  {
    name: 'no-claim',
    objects: [mounting({ persistentVolumeClaim: { claimName: 'absent' } })],
    cause: 'config',
    words: 'There is no volume claim "absent", which it needs. Create it, and the service goes on by itself.',
  },
  {
    name: 'quota-memory',
    objects: [{ main: memory('300Gi') }],
    cause: 'quota',
    words:
      /^This asks for 300Gi of memory; your quota is 256Gi, of which [\d.]+Gi are free. Ask for less, or stop or delete something.$/,
  },
  {
    name: 'quota-stateful',
    objects: [workload('StatefulSet', 'quota-stateful', { main: memory('300Gi') })],
    cause: 'quota',
    words: /^This asks for 300Gi of memory; your quota is 256Gi/,
  },
  {
    name: 'quota-daemon',
    objects: [workload('DaemonSet', 'quota-daemon', { main: memory('300Gi') })],
    cause: 'quota',
    words: /^This asks for 300Gi of memory; your quota is 256Gi/,
  },
  {
    name: 'quota-job',
    objects: [job('quota-job', { main: memory('300Gi') })],
    cause: 'quota',
    words: /^This asks for 300Gi of memory; your quota is 256Gi/,
  },
  {
    name: 'quota-things',
    objects: [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'tick' },
        spec: {
          schedule: '0 0 1 1 *',
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'x' }] } } } },
        },
      },
    ],
    cause: 'quota',
    words: 'Your quota allows no cronjobs here. Ask for less, or stop or delete something.',
  },
  {
    name: 'too-little',
    objects: [{ main: { resources: { requests: { cpu: '1m' }, limits: { memory: '64Mi' } } } }],
    cause: 'limit-range',
    words: 'A container may ask for at least 2m of CPU cores here; one of this asks for 1m. Change it in what you launch.',
  },
  {
    name: 'privileged',
    objects: [{ main: { securityContext: { privileged: true } } }],
    cause: 'policy',
    words: 'This cluster does not allow it: No container is privileged. Leave out privileged. (rule karvdash-pods)',
  },
  {
    name: 'cluster-wide',
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'elsewhere' },
        spec: { hostNetwork: true, containers: [{ name: 'main', image: 'x' }] },
      },
    ],
    cause: 'policy',
    words:
      'This cluster does not allow it: A pod shares nothing with its node. Leave out hostNetwork, hostPID, hostIPC and hostProcess. (rule karvdash-pods)',
  },
  {
    name: 'invalid',
    objects: [{ ...mounting({ emptyDir: {} }), main: { volumeMounts: [{ name: 'v', mountPath: '/v', subPath: '../x' }] } }],
    cause: 'invalid',
    words: /^Kubernetes does not take Deployment\.apps "invalid": .*must not contain '\.\.'\. Correct it in the template\.$/,
  },
  {
    name: 'webhook-away',
    objects: [{}],
    cause: 'webhook',
    words:
      'The webhook "judge.example.org", which has to see it first, does not answer. It is tried again; if it stays so, tell an administrator.',
  },
  {
    name: 'webhook-stern',
    objects: [{}],
    cause: 'webhook',
    words: 'The webhook "judge.example.org" does not allow it: this image is not signed',
  },
  {
    name: 'no-account',
    objects: [{ pod: { serviceAccountName: 'absent' } }],
    cause: 'config',
    words: 'There is no service account "absent", as which it is to run. Create it, or leave out serviceAccountName.',
  },
  {
    name: 'crash',
    objects: [{ main: script('for n in $(seq 30); do echo line $n; done; printf "\\033[31mit broke\\n"; exit 3') }],
    cause: 'crash-loop',
    words:
      /^The container "main" crashes again and again: it ended with code 3, and was started again (once|\d+ times)\. The last lines of its log tell why\.$/,
    lastLog: [...Array.from({ length: 19 }, (_, n) => `line ${n + 12}`), '[31mit broke'],
  },
  {
    name: 'no-program',
    objects: [{ main: { command: ['nope'] } }],
    cause: 'command',
    words:
      'The container "main" cannot be started: its image has no program "nope" that can be run. Check the command in the template.',
  },
  {
    name: 'oom',
    objects: [{ main: script('tail /dev/zero') }],
    cause: 'out-of-memory',
    words: 'The container "main" used more memory than it may, and was ended. Launch the service with more memory.',
  },
  {
    name: 'init',
    objects: [
      {
        pod: {
          initContainers: [
            {
              name: 'prepare',
              image: 'docker.io/library/debian:bookworm-slim',
              command: ['sh', '-c', 'echo cannot prepare; exit 4'],
            },
          ],
        },
      },
    ],
    cause: 'init',
    words: 'What prepares the service fails: the init container "prepare" ended with code 4. The last lines of its log tell why.',
    lastLog: ['cannot prepare'],
  },
  {
    name: 'no-config',
    objects: [{ main: { envFrom: [{ configMapRef: { name: 'absent' } }] } }],
    cause: 'config',
    words:
      'There is no ConfigMap "absent", which the container "main" needs. Create it, and the service goes on by itself; or launch it without.',
  },
  {
    name: 'no-key',
    objects: [{ main: { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'karvdash-api', key: 'absent' } } }] } }],
    cause: 'config',
    words:
      'The Secret "karvdash-api" has no "absent", which the container "main" needs. Add it, and the service goes on by itself.',
  },
  {
    name: 'root',
    objects: [{ pod: { securityContext: { runAsNonRoot: true } } }],
    cause: 'config',
    words:
      'The container "main" must not run as root (runAsNonRoot), and its image does. Set runAsUser in the template, or choose another image.',
  },
  {
    name: 'no-volume',
    objects: [mounting({ configMap: { name: 'absent' } })],
    cause: 'config',
    words: 'There is no ConfigMap "absent", which it mounts. Create it, and the service goes on by itself.',
  },
  {
    name: 'broken-volume',
    objects: [mounting({ persistentVolumeClaim: { claimName: 'broken' } })],
    cause: 'mount',
    words: `Its volume "${volume}" cannot be mounted: path "/nowhere/at-all" does not exist`,
  },
  {
    name: 'readiness',
    objects: [
      {
        main: script('sleep 3600', {
          readinessProbe: { exec: { command: ['sh', '-c', 'echo not yet; exit 1'] }, periodSeconds: 1 },
        }),
      },
    ],
    state: 'Starting',
    cause: 'probe',
    words: 'The container "main" runs and is not ready yet. Its readiness probe says: not yet',
  },
  {
    name: 'liveness',
    objects: [
      {
        main: script('sleep 3600', {
          livenessProbe: { exec: { command: ['sh', '-c', 'echo stuck; exit 1'] }, periodSeconds: 1, failureThreshold: 1 },
        }),
      },
    ],
    cause: 'probe',
    words:
      'The container "main" is ended again and again, because it does not answer: Liveness probe failed: stuck. Its log may tell why.',
  },
  {
    name: 'greedy',
    objects: [
      job('greedy', {
        // Far less than the memory it may have, which what is not on the disk yet counts for.
        main: script('head -c 20M /dev/zero > /big; sleep 3600', {
          resources: {
            requests: { cpu: '5m', memory: '8Mi', 'ephemeral-storage': '1Mi' },
            limits: { memory: '64Mi', 'ephemeral-storage': '10Mi' },
          },
        }),
      }),
    ],
    cause: 'evicted',
    words:
      'It wrote more into its container than it may, and was ended (Pod ephemeral local storage usage exceeds the total limit of containers 10Mi). Write to /local instead, or launch it with more ephemeral storage.',
  },
  {
    name: 'job-fails',
    objects: [job('job-fails', { main: script('echo it is bad; exit 5') })],
    cause: 'job-failed',
    words: 'The container "main" ended with code 5. The last lines of its log tell why.',
    lastLog: ['it is bad'],
  },
  {
    name: 'job-slow',
    objects: [job('job-slow', { spec: { activeDeadlineSeconds: 2 } })],
    cause: 'deadline',
    words: 'Its job ran for as long as it may (activeDeadlineSeconds), and was ended. Launch it with more time.',
  },
  {
    name: 'job-done',
    objects: [job('job-done', { main: script('echo good') })],
    state: 'Stopped',
    cause: 'finished',
    words: 'It ran to its end. Restart it to run it again.',
  },
]

async function prepare(): Promise<{ registry: string; locked: string; largest: string }> {
  const { domain, httpsPort } = system.node
  const [locked, stern] = await Promise.all([lockedRegistry(system), sternWebhook(system, 'this image is not signed')])
  parts.push(locked, stern)
  const [away = '', strict = ''] = webhooks
  const metadata = { name: 'causes', namespace }
  const claim = { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } }
  const node = JSON.parse(await system.kubectl('get', 'nodes', '-o', 'json')).items[0]
  const hostname = node.metadata.labels['kubernetes.io/hostname']
  const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [hostname] }] }]
  const persistent = {
    ...{
      capacity: { storage: '1Mi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
    },
    ...{ claimRef: { namespace, name: 'broken' }, local: { path: '/nowhere/at-all' } },
    nodeAffinity: { required: { nodeSelectorTerms: terms } },
  }
  for (const object of [
    { apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [{ type: 'Container', min: { cpu: '2m' } }] } },
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { 'count/cronjobs.batch': '0' } } },
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume }, spec: persistent },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'broken', namespace },
      spec: { ...claim, volumeName: volume },
    },
    webhookOf(away, 'webhook-away', { url: 'https://127.0.0.1:1/' }),
    webhookOf(strict, 'webhook-stern', { url: stern.address, caBundle: stern.authority }),
  ])
    await create(system, object)
  const counted = () => system.kubectl('get', 'quota', 'causes', '-n', namespace, '-o', 'jsonpath={.status.hard}')
  await until('the quota to be counted', async () => (await counted()) !== '')
  const kibibytes = Number.parseInt(node.status.allocatable.memory, 10)
  return {
    registry: `registry.${domain}:${httpsPort}`,
    locked: locked.address,
    largest: `${Math.ceil(kibibytes / 1024 / 1024) + 1}Gi`,
  }
}

const objectsOf = ({ name, objects }: Fault): KubeObject[] =>
  objects.map((object) => ('kind' in object ? (object as KubeObject) : workload('Deployment', name, object)))

let told: Map<string, Fault>

beforeAll(async () => {
  system = await openSystem()
  client = clientOf(system, await activeUser(system, user))
  const { registry, locked, largest } = await prepare()
  told = new Map(faults(registry, locked, largest).map((fault) => [fault.name, fault]))
  for (const fault of told.values()) await recordService(system, { user, service: fault.name, objects: objectsOf(fault) })
}, 120_000)

afterAll(async () => {
  await system?.kubectl('delete', 'validatingwebhookconfigurations', ...webhooks, '--ignore-not-found')
  for (const name of told?.keys() ?? []) await client.call(contract.deleteService, { params: { service: name } })
  await system?.kubectl('delete', 'persistentvolume', volume, '--ignore-not-found', '--wait=false')
  await Promise.all(parts.map((part) => part.stop()))
  await system?.close()
}, 60_000)

describe('a real fault is told with its cause, in plain words that say what to do', () => {
  test.each(faults('', '', '').map(({ name }) => name))('%s', async (name) => {
    const { state = 'Failed', cause, words, lastLog } = told.get(name) as Fault
    const service = await until(`${name} to be told`, async () => {
      const now = await client.call(contract.getService, { params: { service: name } })
      const isWorded = typeof words === 'string' ? now.reason === words : words.test(now.reason)
      if (now.state !== state || now.cause !== cause || !isWorded) throw new Error(`${now.state} ${now.cause}: ${now.reason}`)
      // Its node may start it again in the very moment in which its log is read.
      if (lastLog && !now.lastLog) throw new Error('No line of its log is there.')
      return now
    })
    if (lastLog) expect(service.lastLog).toEqual(lastLog)
    expect(service.steps?.[0]).toMatchObject({ step: 'Recorded', at: service.createdAt })
  })
})

test('what Kubernetes tells of a service can be read, the latest first', async () => {
  const { items } = await client.call(contract.listServiceEvents, { params: { service: 'crash' } })
  expect(items).toContainEqual(
    expect.objectContaining({ type: 'Warning', reason: 'BackOff', about: expect.stringMatching(/^Pod crash-/) }),
  )
  expect(items.map(({ at }) => at.slice(0, 19))).toEqual(
    items
      .map(({ at }) => at.slice(0, 19))
      .sort()
      .reverse(),
  )
})

test('a service whose Ingress somebody removed is said to lead nowhere', async () => {
  await client.call(contract.launchService, { body: { template: 'hello' } })
  const hello = () => client.call(contract.getService, { params: { service: 'hello' } })
  const { steps } = await until('it to run', async () => {
    const now = await hello()
    return now.state === 'Running' && now.reason === '' && now
  })
  expect(steps?.map(({ step, at }) => [step, at !== undefined])).toEqual(
    ['Recorded', 'Applied', 'Scheduled', 'Pulling', 'Starting', 'Ready', 'Reachable'].map((step) => [step, true]),
  )
  await system.kubectlAs(user, 'delete', 'ingress', '--all')
  await until('it to be told', async () => (await hello()).cause === 'unreachable')
})
