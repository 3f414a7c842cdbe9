import type { Attack } from './attack.ts'
import { container, pod, refusedPods, target, withContainer, withInit } from './pod.ts'

const node = 'a pod shares nothing with its node'
const kernel = 'a container stays behind the kernel’s walls'
const secured = (securityContext: object) => withContainer({ securityContext })
const added = (...add: string[]) => ({ securityContext: { capabilities: { add } } })
const probe = (handler: object) => ({ ...handler, periodSeconds: 10 })
const metadataServer = { httpGet: { host: '169.254.169.254', path: '/latest/meta-data/', port: 80 } }

/** A container added to the pod that runs. */
const debugged = (part: object) => ({
  verb: 'patch' as const,
  path: `${target}/ephemeralcontainers`,
  body: { spec: { ephemeralContainers: [{ ...container, name: 'debug', ...part }] } },
})

const namespaces = refusedPods(
  {
    promise: node,
    expects: 'A pod shares nothing with its node',
    twin: ['a pod whose containers see one another’s processes', { shareProcessNamespace: true }],
  },
  {
    'a pod in the network of its node': { hostNetwork: true },
    'a pod among the processes of its node': { hostPID: true },
    'a pod in the memory of its node': { hostIPC: true },
    'a pod of Windows’ host processes': {
      hostNetwork: true,
      securityContext: { windowsOptions: { hostProcess: true } },
    },
  },
)

const privileged = refusedPods(
  { promise: kernel, expects: 'No container is privileged', twin: ['a container of root’s', secured({ runAsUser: 0 })] },
  {
    'a privileged container': secured({ privileged: true }),
    'a privileged init container': withInit({ securityContext: { privileged: true } }),
    'a privileged sidecar': withInit({ restartPolicy: 'Always', securityContext: { privileged: true } }),
    'a privileged container behind an innocent one': {
      containers: [container, { ...container, name: 'second', securityContext: { privileged: true } }],
    },
  },
)

const capabilities = refusedPods(
  {
    promise: kernel,
    expects: 'A container adds no capability beyond',
    twin: [
      'a container that may open low ports and nothing more',
      secured({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
    ],
  },
  {
    'a container that administers the system': withContainer(added('SYS_ADMIN')),
    'a container that forges packets': withContainer(added('NET_RAW')),
    'a container that administers networks': withContainer(added('NET_ADMIN')),
    'a container that traces processes': withContainer(added('SYS_PTRACE')),
    'a container that reads files by their number': withContainer(added('DAC_READ_SEARCH')),
    'a container with all capabilities': withContainer(added('ALL')),
    'a capability in small letters': withContainer(added('sys_admin')),
    'a capability by its long name': withContainer(added('CAP_SYS_ADMIN')),
    'a capability behind an allowed one': withContainer(added('CHOWN', 'BPF')),
    'an init container that loads kernel modules': withInit(added('SYS_MODULE')),
  },
)

const hostPorts = refusedPods(
  {
    promise: node,
    expects: 'A pod opens no port of its node',
    twin: ['a container with a port', withContainer({ ports: [{ containerPort: 80 }] })],
  },
  {
    'a port of the node': withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    'a port of the node at one of its addresses': withContainer({
      ports: [{ containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1' }],
    }),
    'a sidecar with a port of the node': withInit({ restartPolicy: 'Always', ports: [{ containerPort: 53, hostPort: 53 }] }),
  },
)

const checks = refusedPods(
  {
    promise: node,
    expects: 'Probes and lifecycle hooks ask the pod itself',
    twin: ['a container that is probed', withContainer({ livenessProbe: { httpGet: { path: '/', port: 80 } } })],
  },
  {
    'a liveness probe of the node’s metadata': withContainer({ livenessProbe: probe(metadataServer) }),
    'a readiness probe of a port of the node': withContainer({
      readinessProbe: probe({ tcpSocket: { host: '127.0.0.1', port: 10250 } }),
    }),
    'a startup probe of another machine': withContainer({ startupProbe: probe(metadataServer) }),
    'a start hook that asks the node’s metadata': withContainer({ lifecycle: { postStart: metadataServer } }),
    'a stop hook that asks the node’s metadata': withContainer({ lifecycle: { preStop: metadataServer } }),
    'a probe of another machine in a sidecar': withInit({ restartPolicy: 'Always', livenessProbe: probe(metadataServer) }),
  },
)

const apparmor = refusedPods(
  {
    promise: kernel,
    expects: 'A container keeps its AppArmor profile',
    twin: ['a container with the runtime’s AppArmor profile', secured({ appArmorProfile: { type: 'RuntimeDefault' } })],
  },
  {
    'a container without AppArmor': secured({ appArmorProfile: { type: 'Unconfined' } }),
    'a pod without AppArmor': { securityContext: { appArmorProfile: { type: 'Unconfined' } } },
  },
)

const selinux = refusedPods(
  {
    promise: kernel,
    expects: 'A container keeps its SELinux user, role and type',
    twin: ['a container with an SELinux level', secured({ seLinuxOptions: { type: 'container_t', level: 's0:c1,c2' } })],
  },
  {
    'a container of SELinux’ unconfined type': secured({ seLinuxOptions: { type: 'spc_t' } }),
    'a pod of SELinux’ unconfined type': { securityContext: { seLinuxOptions: { type: 'unconfined_t' } } },
    'a container with an SELinux user': secured({ seLinuxOptions: { user: 'system_u' } }),
    'a container with an SELinux role': secured({ seLinuxOptions: { role: 'sysadm_r' } }),
  },
)

const proc = refusedPods(
  {
    promise: kernel,
    expects: 'A container sees /proc with the usual masks',
    twin: ['a pod with user ids of its own', { hostUsers: false, ...secured({ procMount: 'Default' }) }],
  },
  { 'a container with all of /proc': { hostUsers: false, ...secured({ procMount: 'Unmasked' }) } },
)

const seccomp = refusedPods(
  {
    promise: kernel,
    expects: 'A container keeps its seccomp profile',
    twin: ['a container with the runtime’s seccomp profile', secured({ seccompProfile: { type: 'RuntimeDefault' } })],
  },
  {
    'a container without seccomp': secured({ seccompProfile: { type: 'Unconfined' } }),
    'a pod without seccomp': { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    'an init container without seccomp': withInit({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
  },
)

const sysctl = (name: string, value: string) => ({ securityContext: { sysctls: [{ name, value }] } })
const sysctls = refusedPods(
  {
    promise: kernel,
    expects: 'A pod sets only those sysctls that end with it',
    twin: ['a pod that opens low ports by sysctl', sysctl('net.ipv4.ip_unprivileged_port_start', '0')],
  },
  {
    'a sysctl that has the node run a program': sysctl('kernel.core_pattern', '|/local/evil'),
    'a sysctl of all the node’s messages': sysctl('kernel.msgmax', '65536'),
    'a sysctl of the network that is not safe': sysctl('net.core.somaxconn', '1024'),
    'a sysctl spelt with slashes': sysctl('kernel/core_pattern', '|/local/evil'),
  },
)

const twin = { name: 'a container added to look at the others', ...debugged({ targetContainerName: 'main' }) }
const laterOn: Attack[] = [
  ['a privileged container', 'No container is privileged', { securityContext: { privileged: true } }] as const,
  ['a capability', 'A container adds no capability beyond', added('SYS_PTRACE')] as const,
  [
    'a container without seccomp',
    'A container keeps its seccomp',
    { securityContext: { seccompProfile: { type: 'Unconfined' } } },
  ] as const,
].map(([what, expects, part]) => ({
  promise: 'what runs is held to the same rules',
  name: `${what} added to a pod that runs`,
  expects,
  ...debugged(part),
  twin,
}))

/** AppArmor by annotation, as it was set before there was a field; the API server still reads it. */
const byAnnotation: Attack = {
  promise: kernel,
  name: 'a container without AppArmor, by the annotation of old',
  expects: 'A container keeps its AppArmor profile',
  ...pod({}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' } }),
  twin: {
    name: 'a container with the runtime’s AppArmor profile, by the annotation of old',
    ...pod({}, { annotations: { 'container.apparmor.security.beta.kubernetes.io/main': 'runtime/default' } }),
  },
}

/** Pods that the baseline of the Pod Security Standards refuses. */
export const baselineAttacks: Attack[] = [
  ...namespaces,
  ...privileged,
  ...capabilities,
  ...hostPorts,
  ...checks,
  ...apparmor,
  byAnnotation,
  ...selinux,
  ...proc,
  ...seccomp,
  ...sysctls,
  ...laterOn,
]
