import { generate } from 'selfsigned'

/** PEM of a certificate and its key. */
export interface Made {
  certificate: string
  key: string
}

const rootDays = 7300
/** Tokens of minutes are signed by certificates of days, and none by the root. */
const leafDays = 7
const dayMs = 86_400_000

/** Makes the root that the registry believes. `now`: ms since 1970. */
export async function makeRoot(now: number): Promise<Made> {
  const made = await generate([{ name: 'commonName', value: 'Karvdash registry tokens' }], {
    ...shared(now, rootDays),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  })
  return { certificate: made.cert, key: made.private }
}

/** Makes a certificate that signs tokens and nothing else, signed by the root. `now`: ms since 1970. */
export async function makeLeaf(root: Made, now: number): Promise<Made> {
  const made = await generate([{ name: 'commonName', value: 'Karvdash registry token' }], {
    ...shared(now, leafDays),
    ca: { cert: root.certificate, key: root.key },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
    ],
  })
  return { certificate: made.cert, key: made.private }
}

function shared(now: number, days: number) {
  return {
    keyType: 'ec' as const,
    curve: 'P-256' as const,
    algorithm: 'sha256',
    // A clock that is a little behind must not see a certificate from the future.
    notBeforeDate: new Date(now - 3600_000),
    notAfterDate: new Date(now + days * dayMs),
  }
}
