import { X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

/** A CA and a certificate that it signed, with their keys, by their names in the Secret. */
export type Made = Record<'ca.crt' | 'ca.key' | 'tls.crt' | 'tls.key', string>

/** Whom the certificate is for. */
export interface Wanted {
  names: string[]
  addresses: string[]
  /** ms since 1970. */
  now: number
}

const caDays = 3650
const leafDays = 90
const dayMs = 86_400_000

/** Makes a certificate, signed by the CA of before where that still lasts long enough. A module of its own: what writes X.509 is large. */
export async function makeCertificates({ names, addresses, now }: Wanted, before?: Made): Promise<Made> {
  const ca = before && lasts(before['ca.crt'], now) ? { cert: before['ca.crt'], private: before['ca.key'] } : await makeCa(now)
  const altNames = [...names.map((value) => ({ type: 2 as const, value })), ...addresses.map((ip) => ({ type: 7 as const, ip }))]
  const leaf = await generate([{ name: 'commonName', value: names[0] ?? 'karvdash' }], {
    ...shared(now, leafDays),
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return { 'ca.crt': ca.cert, 'ca.key': ca.private, 'tls.crt': leaf.cert, 'tls.key': leaf.private }
}

function lasts(ca: string, now: number): boolean {
  return Date.parse(new X509Certificate(ca).validTo) - now > 2 * leafDays * dayMs
}

function makeCa(now: number) {
  return generate([{ name: 'commonName', value: 'Karvdash in-cluster CA' }], {
    ...shared(now, caDays),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
}

function shared(now: number, days: number) {
  return {
    keyType: 'ec' as const,
    algorithm: 'sha256',
    // A clock that is a little behind must not see a certificate from the future.
    notBeforeDate: new Date(now - 3600_000),
    notAfterDate: new Date(now + days * dayMs),
  }
}
