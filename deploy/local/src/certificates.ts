import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.ts'

/** A certificate authority kept in a folder; its key never leaves it. */
export interface Authority {
  /** The authority's certificate. */
  file: string
  key: string
  folder: string
}

/** Files of a certificate and its private key (mode 0600). */
export interface Certificate {
  file: string
  key: string
}

/** Who a certificate is for: what Kubernetes reads as user and group, and the names a server answers to. */
export interface Subject {
  commonName: string
  organization?: string
  /** DNS names (wildcards too) and IPv4 addresses. */
  names?: string[]
}

const authorityDays = 3650
// Browsers refuse server certificates that are valid for longer.
const certificateDays = 397
const renewalDays = 60

/** The authority of a folder, made at first use. Given domains, nobody believes it about names outside. */
export async function authority(folder: string, commonName: string, ...domains: string[]): Promise<Authority> {
  const made = { file: join(folder, 'ca.crt'), key: join(folder, 'ca.key'), folder }
  if (existsSync(made.file) && existsSync(made.key)) return made
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const permitted = domains.map((domain) => `permitted;DNS:${domain}`).join(',')
  const limits = permitted ? [`nameConstraints = critical,${permitted}`] : []
  await openssl(made, { subject: `/CN=${commonName}`, days: authorityDays, extensions: [...authorityExtensions, ...limits] })
  return made
}

/** Signs a certificate, good for servers and clients, into `<folder>/<name>.crt` and `.key`; a good one found there is kept. */
export async function issue(by: Authority, name: string, subject: Subject): Promise<Certificate> {
  const made = { file: join(by.folder, `${name}.crt`), key: join(by.folder, `${name}.key`) }
  const request = {
    subject: `${subject.organization ? `/O=${subject.organization}` : ''}/CN=${subject.commonName}`,
    extensions: certificateExtensions(subject.names ?? []),
  }
  if (await isStillGood(made, by, request)) return made
  await openssl(made, { ...request, days: certificateDays, by })
  return made
}

/** Is it what is asked for, signed by this authority, and valid for some weeks to come? */
async function isStillGood(made: Certificate, by: Authority, request: Pick<Request, 'subject' | 'extensions'>): Promise<boolean> {
  if (!existsSync(made.file) || !existsSync(made.key)) return false
  const asked = await readFile(`${made.key}.cnf`, 'utf8').catch(() => undefined)
  if (asked !== configOf(request)) return false
  const certificate = new X509Certificate(await readFile(made.file))
  const issuer = new X509Certificate(await readFile(by.file))
  const daysLeft = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000
  return daysLeft > renewalDays && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

/** A pair for signing ServiceAccount tokens; only the keys matter, the certificate around the public one is a container. */
export async function tokenKey(by: Authority): Promise<Certificate> {
  const made = { file: join(by.folder, 'tokens.crt'), key: join(by.folder, 'tokens.key') }
  // Never renewed: another key would void every token that pods hold.
  return existsSync(made.file) ? made : issue(by, 'tokens', { commonName: 'service-accounts' })
}

interface Request {
  subject: string
  days: number
  extensions: string[]
  by?: Authority
}

/** One call makes key and certificate: `req -x509` with `-CA` signs at once, and sets the key identifiers strict clients ask for. */
async function openssl(into: Certificate, request: Request): Promise<void> {
  const { subject, days, by } = request
  const config = `${into.key}.cnf`
  await writeFile(config, configOf(request))
  const signer = by ? ['-CA', by.file, '-CAkey', by.key] : []
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', ...signer],
    ...['-config', config, '-extensions', 'extensions', '-subj', subject, '-days', `${days}`],
    ...['-keyout', into.key, '-out', into.file],
  ])
}

function configOf({ subject, extensions }: Pick<Request, 'subject' | 'extensions'>): string {
  return [`# ${subject}`, '[req]', 'distinguished_name = name', '[name]', '[extensions]', ...extensions, ''].join('\n')
}

const authorityExtensions = [
  'basicConstraints = critical,CA:TRUE',
  'keyUsage = critical,keyCertSign,cRLSign,digitalSignature',
  'subjectKeyIdentifier = hash',
]

function certificateExtensions(names: string[]): string[] {
  const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',')
  return [
    'basicConstraints = critical,CA:FALSE',
    'keyUsage = critical,digitalSignature',
    'extendedKeyUsage = serverAuth,clientAuth',
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    ...(alternatives ? [`subjectAltName = ${alternatives}`] : []),
  ]
}
