import type { Trail } from './audit/trail.ts'
import { createRegistryEvents, platformActor, type RegistryEvents } from './registry/access/events.ts'
import { createTokenEndpoint, type TokenEndpoint } from './registry/access/token-endpoint.ts'
import { createRegistryTokens } from './registry/access/tokens.ts'
import type { TokenFor } from './registry/authorization.ts'
import { externalCredentials } from './registry/bearer.ts'
import type { Registry } from './registry/client.ts'
import { createForward } from './registry/gateway/forward.ts'
import { createGateway, type Gateway, type GatewayPorts } from './registry/gateway/gateway.ts'
import { openRegistry } from './registry/open.ts'
import type { RegistryConfig } from './registry/settings.ts'
import { createSigner } from './users/signer.ts'
import type { Opened } from './wiring.ts'
import { type ImageParts, wireImages } from './wiring-images.ts'
import type { People } from './wiring-people.ts'

/** All that has to do with the registry, where there is one. */
export interface RegistryParts extends ImageParts {
  registry: Registry
  tokenEndpoint: TokenEndpoint
  events: RegistryEvents
  /** In front of an external registry. */
  gateway: Gateway | undefined
  /** What the registry shows with its notifications. */
  eventsSecret: string
}

export interface RegistryWiringPorts extends Pick<People, 'signIn' | 'users' | 'pullCredentials'> {
  isFresh: () => boolean
  trail: Pick<Trail, 'record'>
}

/** Puts together what speaks to the registry, and what lets others in there. */
export function wireRegistry(opened: Opened, ports: RegistryWiringPorts): RegistryParts | undefined {
  const { config, registryKeys: keys } = opened
  if (!config.registry || !keys) return undefined
  const { host } = config.registry
  const tokens = createRegistryTokens({ keys, host })
  const tokenFor: TokenFor = async (access) => {
    const named = access.map(({ repository, actions }) => {
      const thing = repository === undefined ? { type: 'registry', name: 'catalog' } : { type: 'repository', name: repository }
      return { ...thing, actions: [...actions] }
    })
    return (await tokens.sign({ subject: platformActor, access: named })).token
  }
  const registry = openRegistry(config.registry, tokenFor)
  const isThere = async (repository: string) => (await registry.tags(repository)).length > 0
  const tokenEndpoint = createTokenEndpoint({ ...ports, tokens, isThere, host })
  const images = wireImages(opened, registry, config.registry)
  const events = createRegistryEvents({ book: images.book, record: ports.trail.record })
  const gateway =
    config.registry.kind === 'external' ? wireGateway(opened, config.registry, { tokens, book: images.book }) : undefined
  return { registry, tokenEndpoint, events, gateway, eventsSecret: keys.eventsSecret, ...images }
}

function wireGateway({ key }: Opened, config: RegistryConfig, ports: Pick<GatewayPorts, 'tokens' | 'book'>): Gateway {
  const authorization = externalCredentials(config)
  const forward = createForward({ url: config.url, authorization, signer: createSigner(key) })
  return createGateway({ ...ports, forward, host: config.host })
}
