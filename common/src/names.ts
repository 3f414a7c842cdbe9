import * as z from 'zod'

const reservedUserNames = new Set(
  'admin administrator api app apps auth backend cluster console dashboard default docs domain entry gate global guest health help image internal karvdash kube library local localhost login logout metrics mirror namespace null operator page platform public registry remote root security service services shared signin signup static status support sys system template test undefined user users webhook webhooks www'.split(
    ' ',
  ),
)
// The first admin is named by the installer, who may well choose `admin`; nobody else may sign up under a reserved name.

/** A username: no hyphen, so that `<service>-<user>` splits at its last hyphen. */
export const UserName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,29}$/, 'A username has 1 to 30 lower-case letters and digits and begins with a letter.')

/** A service name; `<service>-<user>` must be one DNS label, see {@link hostLabel}. */
export const ServiceName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$/,
    'A service name has lower-case letters, digits and hyphens, and begins with a letter.',
  )

/** A template's id. */
export const TemplateId = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'A template id has up to 40 lower-case letters, digits and hyphens.')

/** Whether the platform keeps this username for itself. */
export function isReservedUserName(name: string): boolean {
  return reservedUserNames.has(name)
}

/** The one namespace a user owns. */
export function namespaceOf(user: string): string {
  return `karvdash-${user}`
}

/** The user who owns a namespace, or undefined where the namespace is not a user's. */
export function ownerOf(namespace: string): string | undefined {
  const user = namespace.startsWith('karvdash-') ? namespace.slice('karvdash-'.length) : ''
  return UserName.safeParse(user).success ? user : undefined
}

/** The DNS label (RFC 1035: at most 63 octets) of a service's host. */
export function hostLabel(service: string, user: string): string {
  return `${service}-${user}`
}

/** Splits a host label at its last hyphen; undefined where it cannot be a service's. */
export function splitHostLabel(label: string): { service: string; user: string } | undefined {
  const at = label.lastIndexOf('-')
  const service = label.slice(0, Math.max(at, 0))
  const user = label.slice(at + 1)
  if (label.length > 63 || !ServiceName.safeParse(service).success || !UserName.safeParse(user).success) return undefined
  return { service, user }
}

/** The longest service name that leaves room for the user in one DNS label. */
export function longestServiceName(user: string): number {
  return 63 - 1 - user.length
}

/** The labels every object of a service carries. */
export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  user: 'karvdash.io/user',
  service: 'karvdash.io/service',
  template: 'karvdash.io/template',
  guarded: 'karvdash.io/guarded',
} as const
