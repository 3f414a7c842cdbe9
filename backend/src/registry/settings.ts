import * as z from 'zod'

/** The registry of images. */
export interface RegistryConfig {
  /** For the cluster's own the backend signs tokens; an external one has credentials of its own, and is reached by others through the backend alone. */
  kind: 'in-cluster' | 'external'
  /** Host (and port) as it stands in references. */
  host: string
  /** Where the backend speaks to it: an origin. */
  url: string
  /** Of an external one; empty where it wants none. */
  username: string
  password: string
}

const hostAndPort = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?$/

/** The variables that set the registry: kind, host and address, or none of them. */
export const registryVariables = {
  KARVDASH_REGISTRY_KIND: z.enum(['in-cluster', 'external']).optional(),
  KARVDASH_REGISTRY_HOST: z
    .string()
    .regex(hostAndPort, 'must be a host name in lower case, with the port where that is not 443')
    .optional(),
  KARVDASH_REGISTRY_URL: z
    .url({ protocol: /^https?$/, error: 'must be a web address' })
    .refine(isOrigin, 'must be an address without path, query and credentials')
    .optional(),
  KARVDASH_REGISTRY_USERNAME: z.string().default(''),
  KARVDASH_REGISTRY_PASSWORD: z.string().default(''),
}

type Variables = z.infer<z.ZodObject<typeof registryVariables>>

const together = ['KARVDASH_REGISTRY_KIND', 'KARVDASH_REGISTRY_HOST', 'KARVDASH_REGISTRY_URL'] as const

/** Complains of what is set without what it needs. */
export function checkRegistry(env: Variables, { addIssue }: z.core.$RefinementCtx): void {
  const missing = together.filter((name) => env[name] === undefined)
  if (missing.length < together.length)
    for (const name of missing) addIssue({ code: 'custom', path: [name], message: 'must be set where there is a registry' })
  if (env.KARVDASH_REGISTRY_KIND !== 'external' && env.KARVDASH_REGISTRY_USERNAME !== '')
    addIssue({ code: 'custom', path: ['KARVDASH_REGISTRY_USERNAME'], message: 'is for an external registry alone' })
}

/** The registry that variables set. */
export function registryOf(env: Variables): RegistryConfig | undefined {
  const { KARVDASH_REGISTRY_KIND: kind, KARVDASH_REGISTRY_HOST: host, KARVDASH_REGISTRY_URL: url } = env
  if (kind === undefined || host === undefined || url === undefined) return undefined
  const { KARVDASH_REGISTRY_USERNAME: username, KARVDASH_REGISTRY_PASSWORD: password } = env
  return { kind, host, url: new URL(url).origin, username, password }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).href === `${new URL(text).origin}/`
}
