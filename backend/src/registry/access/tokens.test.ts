import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import { type Made, makeLeaf, makeRoot } from './make-token-certificates.ts'
import { createRegistryTokens, type RegistryTokens } from './tokens.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const host = 'registry.example.org:8443'
const access = [{ type: 'repository', name: 'alice/app', actions: ['pull', 'push'] }]
const claim = { subject: 'alice', access }
let root: Made
let otherRoot: Made
let leaf: Made
let clock: { now: number }
let tokens: RegistryTokens

const of = (made: Made, audience = host) =>
  createRegistryTokens({
    keys: { rootCertificate: made.certificate, rootKey: made.key },
    host: audience,
    clock: () => clock.now,
  })
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

beforeAll(async () => {
  clock = { now }
  ;[root, otherRoot] = await Promise.all([makeRoot(now), makeRoot(now)])
  leaf = await makeLeaf(root, now)
  tokens = of(root)
})

describe('a token for the registry', () => {
  test('says what distribution wants to know, and that for five minutes', async () => {
    const { token, lifetimeSeconds, issuedAt } = await tokens.sign(claim)
    const seconds = now / 1000
    expect(headerOf(token)).toEqual({ typ: 'JWT', alg: 'ES256', x5c: [expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)] })
    expect(claimsOf(token)).toEqual({
      ...{ iss: 'karvdash', sub: 'alice', aud: host, access, jti: expect.any(String) },
      ...{ iat: seconds, nbf: seconds - 60, exp: seconds + 300 },
    })
    expect({ lifetimeSeconds, issuedAt }).toEqual({ lifetimeSeconds: 300, issuedAt: '2026-01-01T00:00:00.000Z' })
    expect(await tokens.verify(token)).toEqual(claim)
    clock.now += 361_000
    await expect(tokens.verify(token)).rejects.toMatchObject({ status: 401 })
    clock.now = now
  })

  test('is good at every replica, each of which signs with a key of its own', async () => {
    const other = of(root)
    const [one, two] = [await tokens.sign(claim), await other.sign(claim)]
    expect(headerOf(one.token).x5c).not.toEqual(headerOf(two.token).x5c)
    expect(await tokens.verify(two.token)).toEqual(claim)
  })

  test('is signed with another key before the certificate of the first one ends', async () => {
    const first = headerOf((await tokens.sign(claim)).token).x5c
    clock.now += 4 * 86_400_000
    expect(headerOf((await tokens.sign(claim)).token).x5c).toEqual(first)
    clock.now += 2 * 86_400_000
    const many = await Promise.all(Array.from({ length: 5 }, () => tokens.sign(claim)))
    const certificates = new Set(many.map(({ token }) => headerOf(token).x5c[0]))
    expect(certificates.size).toBe(1)
    expect(certificates).not.toContain(first[0])
    clock.now = now
    tokens = of(root)
  })
})

const derOf = ({ certificate }: Made) => new X509Certificate(certificate).raw.toString('base64')
const seconds = now / 1000
const times = { iat: seconds, nbf: seconds, exp: seconds + 300 }
const claims = { iss: 'karvdash', sub: 'mallory', aud: host, access, ...times }
const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const unsigned = (header: object, body: object = claims) => `${text(header)}.${text(body)}.`
const signedBy = (key: string, header: object, body: object = claims) =>
  new SignJWT({ ...body }).setProtectedHeader({ alg: 'ES256', ...header }).sign(createPrivateKey(key))
const stranger = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

const attacks: Record<string, () => Promise<string> | string> = {
  'alg none': () => unsigned({ alg: 'none' }),
  'alg none with our certificate': () => unsigned({ alg: 'none', x5c: [derOf(leaf)] }),
  'no signature': () => unsigned({ alg: 'ES256', x5c: [derOf(leaf)] }),
  'alg HS256 with the certificate as the secret': () =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', x5c: [derOf(leaf)] }).sign(Buffer.from(leaf.certificate)),
  'another root': async () => (await of(otherRoot).sign(claim)).token,
  'our certificate with a key of one’s own': () => signedBy(stranger().privateKey, { x5c: [derOf(leaf)] }),
  'a key of one’s own, in the header': async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) as object })
      .sign(privateKey)
  },
  'signed by the root itself': () => signedBy(root.key, { x5c: [derOf(root)] }),
  'two certificates, ours the second': async () => signedBy(otherRoot.key, { x5c: [derOf(otherRoot), derOf(leaf)] }),
  'no certificate': () => signedBy(leaf.key, {}),
  'a certificate that is none': () => signedBy(leaf.key, { x5c: ['AAAA'] }),
  'another issuer': () => signedBy(leaf.key, { x5c: [derOf(leaf)] }, { ...claims, iss: 'somebody' }),
  'another audience': async () => (await of(root, 'registry.example.com').sign(claim)).token,
  expired: () => signedBy(leaf.key, { x5c: [derOf(leaf)] }, { ...claims, exp: seconds - 61 }),
  'without an end': () => signedBy(leaf.key, { x5c: [derOf(leaf)] }, { ...claims, exp: undefined }),
  'from the future': () => signedBy(leaf.key, { x5c: [derOf(leaf)] }, { ...claims, nbf: seconds + 61 }),
  'nobody’s': () => signedBy(leaf.key, { x5c: [derOf(leaf)] }, { ...claims, sub: undefined }),
  'scope widened after it was signed': async () => {
    const [header, , signature] = (await tokens.sign(claim)).token.split('.')
    return `${header}.${text({ ...claims, access: [{ type: 'repository', name: 'bob/app', actions: ['push'] }] })}.${signature}`
  },
  'no token at all': () => 'kvd_alice_000000000000_0000000000000000000000000000000000000000',
}

test.each(Object.keys(attacks))('attack: a token, %s, is refused', async (name) => {
  const token = await attacks[name]?.()
  await expect(tokens.verify(token ?? '')).rejects.toMatchObject({ status: 401 })
})

test('what the attacks begin with would be let in', async () => {
  expect(await tokens.verify(await signedBy(leaf.key, { x5c: [derOf(leaf)] }))).toMatchObject({ subject: 'mallory' })
})
