import { hostLabel, splitHostLabel } from '@karvdash/common'
import type { Config } from '../config.ts'

/** Whose service a host name names. */
export interface HostOwner {
  service: string
  user: string
}

/** Whether somebody may enter a service: its owner, and whom the owner shared it with. */
export function mayEnter(user: string, owner: HostOwner, service: { sharedWith: string[] } | undefined): boolean {
  return user === owner.user || service?.sharedWith.includes(user) === true
}

type HostConfig = Pick<Config, 'serviceDomain' | 'publicPort'>

/** The host name of a service. */
export function hostOf({ service, user }: HostOwner, { serviceDomain }: HostConfig): string {
  return `${hostLabel(service, user)}.${serviceDomain}`
}

/** The origin of a host of ours, as browsers write it. */
export function serviceOrigin(host: string, { publicPort }: HostConfig): string {
  return `https://${host}${publicPort === 443 ? '' : `:${publicPort}`}`
}

/**
 * Reads a Host header as it must be for one of our services: one value, lower case, no trailing dot, our port.
 * Anything else names nobody, since two readers could read it in two ways.
 */
export function ownerOfHost(header: string, config: HostConfig): (HostOwner & { host: string }) | undefined {
  const [host = '', port, ...more] = header.split(':')
  const isOurPort = port === undefined ? config.publicPort === 443 : port === String(config.publicPort)
  if (more.length > 0 || !isOurPort || !host.endsWith(`.${config.serviceDomain}`)) return undefined
  const owner = splitHostLabel(host.slice(0, -config.serviceDomain.length - 1))
  return owner && { ...owner, host }
}

/** A page of a service, by its host without the port. */
export interface Destination {
  host: string
  path: string
}

/** Reads the address of a page of one of our services as ingress controllers write it, and nothing that only looks like one. */
export function destinationOf(address: string, config: HostConfig): Destination | undefined {
  const [, authority = '', path = ''] = /^https:\/\/([a-z0-9.:-]+)(\/[^\s\\]*)?$/.exec(address) ?? []
  const owner = ownerOfHost(authority, config)
  return owner && { host: owner.host, path: path || '/' }
}
