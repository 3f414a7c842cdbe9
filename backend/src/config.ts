import { type DomainName, parseQuantity } from '@karvdash/common'
import * as z from 'zod'
import { jsonText } from './json-text.ts'
import { ClaimMapping } from './oidc/claims.ts'
import { checkRegistry, type RegistryConfig, registryOf, registryVariables } from './registry/settings.ts'
import { IdlePolicy } from './services/idle/policy.ts'
import { Backings } from './storage/backing.ts'
import { Profiles } from './templates/profile.ts'
import type { Bounds } from './users/bounds.ts'

/** How ingress controllers ask: they show a request, and pass on what is answered, in different ways. */
export const IngressManner = z.enum(['traefik', 'nginx'])
export type IngressManner = z.infer<typeof IngressManner>

/** Everything that is set from outside. */
export interface Config {
  /** The dashboard's host name. */
  domain: string
  /** Services answer at `<service>-<user>.<serviceDomain>`. */
  serviceDomain: string
  /** The port in public addresses; 443 is left out of them. */
  publicPort: number
  ingressClass: string
  /** How the ingress controller asks the gate: never guessed from what a request shows, which its client may have written. */
  ingressManner: IngressManner
  /** Whether templates may have services entered by a password of their own, past the gate. */
  allowSecretAuth: boolean
  /** What each domain is on the cluster. */
  backings: Backings
  /** Bytes that a user may bring to a domain, for those that are limited. */
  allowances: Partial<Record<DomainName, number | undefined>>
  /** Where the backend has the domains mounted: `<folder>/<domain>`. */
  domainsFolder: string
  /** Where images are; undefined where there is no registry. */
  registry: RegistryConfig | undefined
  namespace: string
  /** Name of the backend's own Kubernetes Service. */
  serviceName: string
  /** Who this replica is. */
  podName: string
  httpPort: number
  httpsPort: number
  /** Where the API server shows objects, and nobody else comes. */
  webhookPort: number
  templatesFolder: string
  pageFolder: string
  /** Where people reach the API server with kubectl; empty where they do not. */
  clusterUrl: string
  /** Users get numeric ids from here on. */
  firstUid: number
  /** Who is told by a POST that somebody signed up; empty for nobody. */
  signUpUrl: string
  /** The institute's provider, where people sign in with it. */
  oidc: OidcConfig | undefined
  /** What one user may use, and reach. */
  bounds: Bounds
  /** The sizes that templates offer. */
  profiles: z.infer<typeof Profiles>
  terminals: Terminals
  /** When services that nobody uses are stopped; undefined where they never are. */
  idle: IdlePolicy | undefined
  /** For so long a replica that is to stop says that it is not ready, and answers all the same. */
  drainMs: number
  logLevel: string
}

/** How long terminals in services may be open, and how many. */
export const Terminals = z
  .strictObject({
    /** Nothing typed or printed for so long ends one. */
    idleMinutes: z.number().positive().max(10_000).default(30),
    /** However much it is used. */
    mostHours: z.number().positive().max(1_000).default(12),
    /** Of one user at one replica. */
    mostPerUser: z.int().min(0).max(1_000).default(8),
  })
  .prefault({})
export type Terminals = z.infer<typeof Terminals>

const host = z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be a host name in lower case')
const port = z.coerce.number().int().min(1).max(65535)
const kubeName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a Kubernetes name')

/** A quantity as Kubernetes counts: a number, or a text such as 500m or 2Gi. */
const quantities = z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({})
const bytes = z
  .string()
  .transform((text, context) => {
    const amount = parseQuantity(text)
    if (amount !== undefined && amount > 0n) return Number(amount / 10n ** 9n)
    context.addIssue('must be a quantity such as 100Gi')
    return z.NEVER
  })
  .optional()
const names = z.array(z.string()).default([])
const Limits = z.object({ default: quantities, defaultRequest: quantities }).prefault({})
const Network = z.object({ ingressNamespaces: names, ingressCidrs: names, blockedCidrs: names, allowedCidrs: names }).prefault({})

const OidcConfig = z.strictObject({
  issuer: z.url({ protocol: /^https$/ }),
  clientId: z.string().min(1),
  label: z.string().min(1).max(60).default('Sign in with your institute'),
  scopes: z.string().default('openid profile email'),
  claims: ClaimMapping.prefault({}),
  /** Whether somebody new may go on at once. */
  activate: z.boolean().default(false),
})
/** How the institute's provider is used. */
export type OidcConfig = z.infer<typeof OidcConfig> & { clientSecret: string }

const usualProfiles: z.input<typeof Profiles> = [{ name: 'small', label: 'Small: 1 processor, 2Gi', cpu: '1', memory: '2Gi' }]

const Variables = z.object({
  KARVDASH_DOMAIN: host,
  KARVDASH_SERVICE_DOMAIN: host.optional(),
  KARVDASH_PUBLIC_PORT: port.default(443),
  KARVDASH_INGRESS_CLASS: kubeName.default('nginx'),
  KARVDASH_INGRESS_MANNER: IngressManner.default('traefik'),
  KARVDASH_ALLOW_SECRET_AUTH: z.enum(['true', 'false']).default('false'),
  KARVDASH_DOMAINS: json(Backings),
  KARVDASH_ALLOWANCES: json(z.strictObject({ local: bytes, remote: bytes })),
  KARVDASH_DOMAINS_FOLDER: z.string().default('/domains'),
  ...registryVariables,
  KARVDASH_NAMESPACE: kubeName.default('karvdash'),
  KARVDASH_SERVICE_NAME: kubeName.default('karvdash'),
  KARVDASH_POD_NAME: z.string().default(`karvdash-${process.pid}`),
  KARVDASH_HTTP_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  KARVDASH_HTTPS_PORT: z.coerce.number().int().min(0).max(65535).default(8443),
  KARVDASH_WEBHOOK_PORT: z.coerce.number().int().min(0).max(65535).default(9443),
  KARVDASH_TEMPLATES_FOLDER: z.string().default('/app/templates'),
  KARVDASH_PAGE_FOLDER: z.string().default('/app/page'),
  KARVDASH_CLUSTER_URL: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .or(z.literal(''))
    .default(''),
  KARVDASH_SIGN_UP_URL: z
    .url({ protocol: /^https?$/, error: 'must be a web address' })
    .or(z.literal(''))
    .default(''),
  KARVDASH_FIRST_UID: z.coerce.number().int().min(1000).max(2_000_000_000).default(20_000),
  KARVDASH_OIDC: json(OidcConfig).optional(),
  KARVDASH_OIDC_CLIENT_SECRET: z.string().default(''),
  KARVDASH_QUOTA: json(quantities),
  KARVDASH_LIMITS: json(Limits),
  KARVDASH_NETWORK: json(Network),
  KARVDASH_PROFILES: json(Profiles, usualProfiles),
  KARVDASH_DRAIN_SECONDS: z.coerce.number().int().min(0).max(50).default(0),
  KARVDASH_TERMINALS: json(Terminals),
  KARVDASH_IDLE: json(IdlePolicy),
  KARVDASH_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

const Environment = Variables.superRefine(checkRegistry)

/**
 * Reads the configuration, the only reader of the environment.
 * @throws an Error that lists every complaint at once.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) {
    const complaints = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`)
    throw new Error(`The configuration is not valid:\n${complaints.join('\n')}`)
  }
  return toConfig(parsed.data)
}

/** A variable that holds JSON, `{}` unless set or told. */
function json<T extends z.ZodType>(schema: T, unset: unknown = {}) {
  return jsonText.default(unset).pipe(schema)
}

function toConfig(env: z.infer<typeof Environment>): Config {
  return {
    domain: env.KARVDASH_DOMAIN,
    serviceDomain: env.KARVDASH_SERVICE_DOMAIN ?? env.KARVDASH_DOMAIN,
    publicPort: env.KARVDASH_PUBLIC_PORT,
    ingressClass: env.KARVDASH_INGRESS_CLASS,
    ingressManner: env.KARVDASH_INGRESS_MANNER,
    allowSecretAuth: env.KARVDASH_ALLOW_SECRET_AUTH === 'true',
    backings: env.KARVDASH_DOMAINS,
    allowances: env.KARVDASH_ALLOWANCES,
    domainsFolder: env.KARVDASH_DOMAINS_FOLDER,
    registry: registryOf(env),
    namespace: env.KARVDASH_NAMESPACE,
    serviceName: env.KARVDASH_SERVICE_NAME,
    podName: env.KARVDASH_POD_NAME,
    httpPort: env.KARVDASH_HTTP_PORT,
    httpsPort: env.KARVDASH_HTTPS_PORT,
    webhookPort: env.KARVDASH_WEBHOOK_PORT,
    templatesFolder: env.KARVDASH_TEMPLATES_FOLDER,
    pageFolder: env.KARVDASH_PAGE_FOLDER,
    clusterUrl: env.KARVDASH_CLUSTER_URL,
    signUpUrl: env.KARVDASH_SIGN_UP_URL,
    oidc: env.KARVDASH_OIDC ? { ...env.KARVDASH_OIDC, clientSecret: env.KARVDASH_OIDC_CLIENT_SECRET } : undefined,
    firstUid: env.KARVDASH_FIRST_UID,
    bounds: { quota: env.KARVDASH_QUOTA, limits: env.KARVDASH_LIMITS, network: env.KARVDASH_NETWORK },
    profiles: env.KARVDASH_PROFILES,
    terminals: env.KARVDASH_TERMINALS,
    idle: env.KARVDASH_IDLE,
    drainMs: env.KARVDASH_DRAIN_SECONDS * 1000,
    logLevel: env.KARVDASH_LOG_LEVEL,
  }
}

/** The dashboard's origin, as browsers write it. */
export function originOf({ domain, publicPort }: Pick<Config, 'domain' | 'publicPort'>): string {
  return `https://${domain}${publicPort === 443 ? '' : `:${publicPort}`}`
}
