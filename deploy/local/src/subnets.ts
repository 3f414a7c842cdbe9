/** The networks between host and sandboxes: 10.213.0.0/30, 10.213.1.0/30 and so on. */
export interface Subnet {
  index: number
  cidr: string
  hostIp: string
  nodeIp: string
  /** Name of the interface on the host. */
  link: string
}

const count = 256

/** The network of a number. */
export function subnet(index: number): Subnet {
  const net = `10.213.${index}`
  return { index, cidr: `${net}.0/30`, hostIp: `${net}.1`, nodeIp: `${net}.2`, link: `karvdash${index}` }
}

/** The first network that no destination in a routing table overlaps; `preferred` first. */
export function freeSubnets(destinations: string[], preferred?: number): Subnet[] {
  const order = [...(preferred === undefined ? [] : [preferred]), ...Array.from({ length: count }, (_, index) => index)]
  const taken = destinations.filter((destination) => destination !== 'default').map(range)
  return order.map(subnet).filter(({ cidr }) => !taken.some((other) => overlap(range(cidr), other)))
}

interface Range {
  first: number
  last: number
}

function range(cidr: string): Range {
  const [address = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const first = Math.floor(value / size) * size
  return { first, last: first + size - 1 }
}

function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last
}
