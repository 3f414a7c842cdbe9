/** An established connection of a pod, from outside to a port that it listens on. */
export interface Connection {
  /** Of the other side. */
  peer: string
  /** Tells it from every other one. */
  id: string
}

/*
 * Documentation/networking/proc_net_tcp.rst: each line has the local and the remote address in hexadecimal, the words of the address in the
 * byte order of the machine, and the state: 01 established, 0A listening.
 */
const line = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) /
const header = /^\s*sl\s+local_address\s/m
const [established, listening] = ['01', '0A']

/** Connections from outside that a pod has, as `/proc/net/tcp` and `tcp6` print them; undefined where the text is nothing of the kind. */
export function connectionsOf(text: string, isOwn: (address: string) => boolean): Connection[] | undefined {
  if (!header.test(text)) return undefined
  const all = text.split('\n').flatMap((one) => {
    const [, , port = '', remote = '', remotePort = '', state = ''] = line.exec(one) ?? []
    return state === '' ? [] : [{ port, remote, remotePort, state }]
  })
  const ports = new Set(all.filter(({ state }) => state === listening).map(({ port }) => port))
  return all
    .filter(({ state, port }) => state === established && ports.has(port))
    .map(({ remote, remotePort, port }) => ({ peer: addressOf(remote), id: `${remote}:${remotePort} ${port}` }))
    .filter(({ peer }) => !isLoopback(peer) && !isOwn(peer))
}

/** An address in the one way in which it is compared; what is none stays as it is. */
export function plainAddress(text: string): string {
  if (!text.includes(':')) return text
  const { hostname = text } = URL.parse(`http://[${text}]`) ?? {}
  return hostname
}

function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  bytes.swap32()
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff'
  if (bytes.length === 4 || isMapped) return [...bytes.subarray(-4)].join('.')
  return plainAddress((bytes.toString('hex').match(/.{4}/g) ?? []).join(':'))
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '[::1]'
}
