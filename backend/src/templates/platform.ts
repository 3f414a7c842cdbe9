import type { Profile } from './profile.ts'
import type { SshKey } from './ssh-key.ts'

/** What the platform fills into a template and never asks for. */
export interface PlatformValues {
  namespace: string
  service: { name: string }
  /** Host name at which the service answers. */
  host: string
  /** Address at which the service answers, without a path. */
  url: string
  /** Host (and port) of the registry, as it stands in an image's name. */
  registry: string
  /** The user's name. */
  user: string
  /** Where the domains are mounted in containers. */
  domains: { local: string; remote: string; shared: string }
  ingressClass: string
  storageClass: string
  /** Random and made per launch; what a service's own authentication is made from. */
  secret: string
  /** A key pair for SSH between the pods of the service, made per launch. */
  sshKey: SshKey
  /** What variables of type profile offer. */
  profiles: readonly Profile[]
}

/** The platform's values by the names that expressions use, such as `service.name`. */
export function platformScope(platform: PlatformValues): Map<string, string> {
  const { service, domains, sshKey, profiles: _profiles, ...rest } = platform
  return new Map([
    ['service.name', service.name],
    ...Object.entries(domains).map(([name, path]): [string, string] => [`domains.${name}`, path]),
    ['sshKey.private', sshKey.private],
    ['sshKey.public', sshKey.public],
    ...Object.entries(rest),
  ])
}

/** Values of the right shape for trying a template out when it is read. */
export const samplePlatform: PlatformValues = {
  namespace: 'karvdash-sample',
  service: { name: 'sample' },
  host: 'sample-sample.example.org',
  url: 'https://sample-sample.example.org',
  registry: 'registry.example.org',
  user: 'sample',
  domains: { local: '/local', remote: '/remote', shared: '/shared' },
  ingressClass: 'sample',
  storageClass: 'sample',
  secret: 'sample',
  sshKey: { private: 'sample', public: 'sample' },
  profiles: [
    {
      ...{ name: 'sample', label: 'Sample', cpu: '1', memory: '1Gi', requests: { memory: '512Mi' } },
      gpu: { resource: 'nvidia.com/gpu', count: 2 },
      nodeSelector: { zone: 'sample' },
      tolerations: [{ key: 'sample', operator: 'Exists' }],
    },
  ],
}

/** Every name that {@link platformScope} fills in. */
export const platformNames: readonly string[] = [...platformScope(samplePlatform).keys()]
