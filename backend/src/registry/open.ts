import { ownTokens, type TokenFor } from './authorization.ts'
import { externalCredentials } from './bearer.ts'
import { createRegistry, type Registry } from './client.ts'
import type { RegistryConfig } from './settings.ts'
import { createTransport } from './transport.ts'

/** Opens the registry of the configuration: the cluster's own with tokens of ours, an external one with its credentials. */
export function openRegistry(config: RegistryConfig, tokenFor?: TokenFor): Registry {
  const authorization = config.kind === 'external' ? externalCredentials(config) : ownTokens(tokenFor)
  return createRegistry(createTransport({ url: config.url, authorization }))
}
