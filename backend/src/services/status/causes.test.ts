import { describe, expect, test } from '@jest/globals'
import { Cause } from '@karvdash/common'
import { catalogue } from './causes.ts'
import { applied, event, live, pod, time, workload } from './samples.ts'
import { statusOf } from './status.ts'

const waiting = (reason: string, message = '') => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'main', state: { waiting: { reason, message } } }],
})
const crashed = (end: object, more: object = {}) => ({
  phase: 'Running',
  containerStatuses: [
    {
      name: 'main',
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: end },
      ...more,
    },
  ],
})
const image = (message: string) =>
  waiting('ImagePullBackOff', `Back-off pulling image "example.org/lab:1": ErrImagePull: ${message}`)
const unscheduled = (message: string) => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
})
const preparing = waiting('ContainerCreating')
const tail = 'no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.'

describe('what is wrong with a pod', () => {
  // As a real kubelet, scheduler and containerd say it.
  test.each([
    [
      'image-not-found',
      image('rpc error: code = NotFound desc = failed to resolve reference "x": x: not found'),
      'Failed',
      'There is no image "example.org/lab:1". Check its name and tag.',
    ],
    [
      'image-not-found',
      waiting('ErrImagePull', 'no match for platform in manifest: not found'),
      'Failed',
      'not made for the machines of this cluster',
    ],
    [
      'image-not-found',
      waiting('ErrImageNeverPull', 'Container image is not present with pull policy of Never'),
      'Failed',
      'imagePullPolicy Never',
    ],
    [
      'image-name',
      waiting('InvalidImageName', "couldn't parse image name"),
      'Failed',
      '"example.org/lab:1" is not the name of an image.',
    ],
    [
      'image-pull',
      waiting('ErrImagePull', 'the layer is odd'),
      'Failed',
      'cannot be pulled. Check its name and tag. the layer is odd',
    ],
    ['image-pull', image('write /var/lib: no space left on device'), 'Failed', 'has no room'],
    [
      'pull-forbidden',
      image(
        'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      ),
      'Failed',
      'You may not pull the image "example.org/lab:1": it is private, or there is none of that name. Check its name, or give the service a pull secret for example.org.',
    ],
    [
      'pull-forbidden',
      image('failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized'),
      'Failed',
      'You may not pull',
    ],
    [
      'registry-unreachable',
      image('failed to do request: Head "https://example.org/v2": dial tcp: lookup example.org on 10.0.0.1:53: no such host'),
      'Failed',
      'The registry example.org of the image "example.org/lab:1" cannot be found.',
    ],
    [
      'registry-unreachable',
      image('failed to do request: dial tcp 192.0.2.1:443: i/o timeout'),
      'Failed',
      'does not answer as it should. It is tried again by itself',
    ],
    [
      'registry-unreachable',
      image('unexpected status from HEAD request: 429 Too Many Requests'),
      'Failed',
      'too many images were pulled',
    ],
    [
      'config',
      waiting('CreateContainerConfigError', 'configmap "absent" not found'),
      'Failed',
      'There is no ConfigMap "absent", which the container "main" needs. Create it, and the service goes on by itself',
    ],
    ['config', waiting('CreateContainerConfigError', 'secret "keys" not found'), 'Failed', 'There is no Secret "keys"'],
    [
      'config',
      waiting('CreateContainerConfigError', "couldn't find key absent in Secret karvdash-alice/keys"),
      'Failed',
      'The Secret "keys" has no "absent"',
    ],
    [
      'config',
      waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root (pod: "x")'),
      'Failed',
      'must not run as root',
    ],
    [
      'config',
      waiting('CreateContainerError', 'something odd'),
      'Failed',
      'The container "main" cannot be created: something odd',
    ],
    [
      'command',
      waiting(
        'RunContainerError',
        'runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown',
      ),
      'Failed',
      'its image has no program "nope"',
    ],
    [
      'command',
      crashed({ exitCode: 128, reason: 'StartError', message: 'exec: "nope": executable file not found' }),
      'Failed',
      'no program "nope"',
    ],
    [
      'crash-loop',
      crashed({ exitCode: 3, reason: 'Error' }),
      'Failed',
      'The container "main" crashes again and again: it ended with code 3, and was started again 3 times.',
    ],
    ['crash-loop', crashed({ exitCode: 139, reason: 'Error' }), 'Failed', 'code 139 (a memory fault)'],
    [
      'out-of-memory',
      crashed({ exitCode: 137, reason: 'OOMKilled' }),
      'Failed',
      'used more memory than it may, and was ended. Launch the service with more memory.',
    ],
    [
      'out-of-memory',
      { phase: 'Running', containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }] },
      'Failed',
      'more memory',
    ],
    [
      'unschedulable',
      unscheduled(`0/3 nodes are available: 3 Insufficient memory. ${tail}`),
      'Queued',
      'No node can take it now: not enough memory. Ask for less, or wait until others need less.',
    ],
    [
      'unschedulable',
      unscheduled(`0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient nvidia.com/gpu, 1 Too many pods. ${tail}`),
      'Queued',
      'not enough CPU cores; not enough GPUs; the nodes run as many pods as they may.',
    ],
    [
      'unschedulable',
      unscheduled(`0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. ${tail}`),
      'Queued',
      'it wants a node of a kind that there is not (nodeSelector or affinity). Change what it asks for',
    ],
    [
      'unschedulable',
      unscheduled(`0/3 nodes are available: 3 node(s) had untolerated taint(s) {gpu: yes}. ${tail}`),
      'Queued',
      'nodes are kept for other work (taint gpu: yes)',
    ],
    ['unschedulable', unscheduled('the scheduler is sad'), 'Queued', 'No node can take it now: the scheduler is sad'],
    [
      'config',
      unscheduled('0/1 nodes are available: persistentvolumeclaim "absent" not found. not found'),
      'Failed',
      'There is no volume claim "absent"',
    ],
    [
      'mount',
      unscheduled('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found'),
      'Queued',
      'It waits for its volume',
    ],
    [
      'evicted',
      {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ',
      },
      'Failed',
      'It wrote more into its container than it may, and was ended (Pod ephemeral local storage usage exceeds the total limit of containers 10Mi). Write to /local',
    ],
    [
      'evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
      'Failed',
      'Its node ended it, to help itself: The node was low on resource: memory.',
    ],
    ['evicted', { phase: 'Failed', reason: 'Preempting', message: '' }, 'Failed', 'something more important'],
    ['deadline', { phase: 'Failed', reason: 'DeadlineExceeded' }, 'Failed', 'as long as it may'],
    ['node-lost', { phase: 'Failed', reason: 'NodeLost' }, 'Failed', 'Restart it'],
    [
      'unschedulable',
      { phase: 'Failed', reason: 'OutOfcpu', message: "Node didn't have enough resource: cpu" },
      'Failed',
      'did not take it after all',
    ],
    [
      'job-failed',
      { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 5, reason: 'Error' } } }] },
      'Failed',
      'The container "main" ended with code 5.',
    ],
  ])('%s (%#)', (cause, status, state, words) => {
    const { reason, ...told } = statusOf(applied, live({ pods: [pod(status)] }))
    expect(told).toMatchObject({ cause, state })
    expect(reason).toContain(words)
  })

  test.each([
    [
      'mount',
      preparing,
      event('FailedMount', 'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32'),
      'Failed',
      'Its volume "data" cannot be mounted: mount failed: exit status 32',
    ],
    [
      'config',
      preparing,
      event('FailedMount', 'MountVolume.SetUp failed for volume "v" : configmap "absent" not found'),
      'Failed',
      'There is no ConfigMap "absent", which it mounts.',
    ],
    [
      'config',
      preparing,
      event('FailedMount', 'MountVolume.SetUp failed for volume "v" : references non-existent config key: app.conf'),
      'Failed',
      'has no "app.conf"',
    ],
    [
      'mount',
      preparing,
      event('FailedAttachVolume', 'Multi-Attach error'),
      'Failed',
      'Its volumes cannot be mounted: Multi-Attach error',
    ],
    ['network', preparing, event('FailedCreatePodSandBox', 'no IP addresses left'), 'Failed', 'cannot give it a network'],
    [
      'node-lost',
      { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
      event('NodeNotReady', 'Node is not ready'),
      'Failed',
      'does not answer any more',
    ],
    [
      'probe',
      { phase: 'Running', containerStatuses: [{ name: 'main', state: { running: { startedAt: time(1) } } }] },
      event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 500', { container: 'main' }),
      'Starting',
      'runs and is not ready yet. Its readiness probe says: HTTP probe failed with statuscode: 500',
    ],
    [
      'probe',
      crashed({ exitCode: 137, reason: 'Error' }),
      event('Unhealthy', 'Liveness probe failed: connection refused', { container: 'main' }),
      'Failed',
      'is ended again and again, because it does not answer: Liveness probe failed: connection refused',
    ],
  ])('%s, by its events (%#)', (cause, status, one, state, words) => {
    const { reason, ...told } = statusOf(applied, live({ pods: [pod(status)], events: [one] }))
    expect(told).toMatchObject({ cause, state })
    expect(reason).toContain(words)
  })

  test('its init container, which has another name', () => {
    const status = {
      phase: 'Pending',
      initContainerStatuses: [{ name: 'prepare', restartCount: 1, state: { terminated: { exitCode: 4, reason: 'Error' } } }],
    }
    const spec = { initContainers: [{ name: 'prepare', image: 'example.org/prepare:1' }] }
    expect(statusOf(applied, live({ pods: [pod(status, { spec })] }))).toMatchObject({
      cause: 'init',
      reason:
        'What prepares the service fails: the init container "prepare" ended with code 4. The last lines of its log tell why.',
      crashed: { container: 'prepare', isPrevious: false },
    })
  })

  test('how much it asks for, and how much is free', () => {
    const spec = { containers: [{ name: 'main', image: 'x', resources: { requests: { memory: '100Gi' } } }] }
    const pods = [pod(unscheduled(`0/1 nodes are available: 1 Insufficient memory. ${tail}`), { spec })]
    expect(statusOf(applied, live({ pods }), { free: () => '27.5Gi' }).reason).toBe(
      'No node can take it now: not enough memory: it asks for 100Gi, the most that one node has free is 27.5Gi. Ask for less, or wait until others need less.',
    )
  })
})

describe('what is over explains nothing', () => {
  test('a mount that succeeded since', () => {
    const events = [
      event('FailedMount', 'volume "v" : mount failed'),
      event('Pulling', 'Pulling image', { container: 'main', second: 6 }),
    ]
    expect(
      statusOf(applied, live({ pods: [pod({ ...preparing, conditions: [{ type: 'PodScheduled', status: 'True' }] })], events })),
    ).toMatchObject({ state: 'Pulling' })
  })

  test('a mount that Kubernetes was not ready for', () => {
    const events = [event('FailedMount', 'MountVolume.SetUp failed for volume "v" : failed to sync configmap cache: timed out')]
    expect(
      statusOf(applied, live({ pods: [pod({ ...preparing, conditions: [{ type: 'PodScheduled', status: 'True' }] })], events })),
    ).not.toHaveProperty('cause')
  })

  test('a probe of the run before', () => {
    const status = {
      phase: 'Running',
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [{ name: 'main', state: { running: { startedAt: time(30) } } }],
    }
    const events = [event('Unhealthy', 'Readiness probe failed: no', { container: 'main' })]
    expect(statusOf(applied, live({ pods: [pod(status)], events }))).not.toHaveProperty('cause')
  })
})

describe('what the API server does not take', () => {
  test.each([
    [
      'quota',
      'exceeded quota: karvdash, requested: limits.memory=300Gi,requests.memory=300Gi, used: limits.memory=10Gi,requests.memory=5Gi, limited: limits.memory=256Gi,requests.memory=128Gi',
      'This asks for 300Gi of memory; your quota is 256Gi, of which 246Gi are free. Ask for less, or stop or delete something.',
    ],
    [
      'quota',
      'exceeded quota: karvdash-objects, requested: count/deployments.apps=1, used: count/deployments.apps=150, limited: count/deployments.apps=150',
      'You have 150 of the 150 deployments that your quota allows; this needs 1 more.',
    ],
    [
      'quota',
      'exceeded quota: karvdash-objects, requested: configmaps=2, used: configmaps=299, limited: configmaps=300',
      'You have 299 of the 300 ConfigMaps that your quota allows; this needs 2 more.',
    ],
    [
      'quota',
      'exceeded quota: karvdash, requested: requests.cpu=4, used: requests.cpu=30500m, limited: requests.cpu=32',
      'This asks for 4 of CPU cores; your quota is 32, of which 1.5 are free.',
    ],
    ['quota', 'failed quota: karvdash: must specify limits.memory for: main', 'say limits.memory'],
    [
      'limit-range',
      'maximum memory usage per Container is 2Gi, but limit is 3Gi',
      'A container may have at most 2Gi of memory here; one of this asks for 3Gi.',
    ],
    [
      'limit-range',
      '[minimum cpu usage per Container is 100m, but request is 10m, maximum memory usage per Container is 2Gi, but limit is 3Gi]',
      'A container may ask for at least 100m of CPU cores here; one of this asks for 10m.',
    ],
    [
      'policy',
      "ValidatingAdmissionPolicy 'karvdash-pods' with binding 'karvdash-pods' denied request: No container is privileged. Leave out privileged.",
      'This cluster does not allow it: No container is privileged. Leave out privileged. (rule karvdash-pods)',
    ],
    [
      'policy',
      'violates PodSecurity "restricted:latest": privileged (container "main")',
      'This cluster does not allow it: privileged',
    ],
    [
      'policy',
      'User "system:serviceaccount:karvdash-alice:default" cannot patch resource "clusterroles" in API group "x" at the cluster scope',
      'You may not patch clusterroles of the whole cluster.',
    ],
    [
      'webhook',
      'Internal error occurred: failed calling webhook "pods.karvdash.io": failed to call webhook: Post "https://x": dial tcp: connection refused',
      'The webhook "pods.karvdash.io", which has to see it first, does not answer.',
    ],
    [
      'webhook',
      'admission webhook "scan.example.org" denied the request: image is not signed',
      'The webhook "scan.example.org" does not allow it: image is not signed',
    ],
    [
      'config',
      'error looking up service account karvdash-alice/absent: serviceaccount "absent" not found',
      'There is no service account "absent"',
    ],
    [
      'invalid',
      'Deployment.apps "lab" is invalid: spec.selector: Required value',
      'Kubernetes does not take Deployment.apps "lab": spec.selector: Required value.',
    ],
    [
      'invalid',
      'failed to create typed patch object (karvdash-alice/lab; apps/v1, Kind=Deployment): .spec.oops: field not declared in schema',
      'does not understand',
    ],
  ])('%s (%#), at the launch as later', (cause, message, words) => {
    const prefix = cause === 'webhook' || cause === 'invalid' ? '' : 'pods "lab-1" is forbidden: '
    const launch = statusOf({ ...applied, phase: 'Failed', message: `The cluster refuses it: ${prefix}${message}` }, live({}))
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: prefix + message }]
    const later = statusOf(applied, live({ workloads: [workload('Deployment', { status: { conditions } })] }))
    for (const { reason, ...told } of [launch, later]) {
      expect(told).toEqual({ cause, state: 'Failed' })
      expect(reason).toContain(words)
    }
  })
})

test('pods that came at the same moment as others, so that the quota has to be counted again, are waited for', () => {
  const message =
    'Operation cannot be fulfilled on resourcequotas "karvdash": the object has been modified; please apply your changes'
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message }]
  expect(statusOf(applied, live({ workloads: [workload('Deployment', { status: { conditions } })] })).state).toBe('Queued')
})

describe('a Deployment that lost patience', () => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'has timed out' }]
  const workloads = [workload('Deployment', { status: { conditions } })]

  test('has failed', () => {
    expect(statusOf(applied, live({ workloads }))).toMatchObject({ state: 'Failed', cause: 'deadline' })
  })

  test('tells what is known of its pod, which is more', () => {
    expect(
      statusOf(applied, live({ workloads, pods: [pod(unscheduled(`0/1 nodes are available: 1 Insufficient cpu. ${tail}`))] })),
    ).toMatchObject({ state: 'Failed', cause: 'unschedulable' })
  })
})

test('attack: texts of tenants are bounded, of one line and without control characters, whatever they say', () => {
  const message = `\u001b[31m\u202etxet ${'x'.repeat(100_000)}\r\n\u0000</script>`
  for (const status of [
    waiting('ErrImagePull', message),
    waiting('CreateContainerError', message),
    unscheduled(message),
    { phase: 'Failed', reason: 'Evicted', message },
  ]) {
    const { reason } = statusOf(applied, live({ pods: [pod(status)], events: [event('FailedMount', message)] }))
    expect(reason.length).toBeLessThanOrEqual(600)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there.
    expect(reason).not.toMatch(/[\u0000-\u001f\u202e\u007f]/)
  }
})

test('the catalogue has words for every cause but those that a status tells by itself', () => {
  const known = new Set(catalogue.map(({ cause }) => cause))
  expect(Cause.options.filter((cause) => !known.has(cause))).toEqual(['unreachable', 'finished'])
})
