import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { authority, issue } from './certificates.ts'
import { writeKubeconfig } from './kubeconfig.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvdash-certificates-'))
})
afterAll(() => rm(folder, { recursive: true }))

const read = async (file: string) => new X509Certificate(await readFile(file))

test('a certificate names its subject and is signed by the authority', async () => {
  const by = await authority(folder, 'test')
  const node = await issue(by, 'node', {
    commonName: 'system:node:a',
    organization: 'system:nodes',
    names: ['*.a.test', '10.0.0.1'],
  })
  const [ca, made] = await Promise.all([read(by.file), read(node.file)])
  expect(made.verify(ca.publicKey)).toBe(true)
  expect(made.subject).toBe('O=system:nodes\nCN=system:node:a')
  expect(made.subjectAltName).toBe('DNS:*.a.test, IP Address:10.0.0.1')
})

test('a certificate that is still good is kept, one for other names is made again', async () => {
  const by = await authority(folder, 'test')
  const fingerprint = async (names: string[]) =>
    (await read((await issue(by, 'again', { commonName: 'x', names })).file)).fingerprint
  const before = await fingerprint(['a.test'])
  expect(await fingerprint(['a.test'])).toBe(before)
  expect(await fingerprint(['b.test'])).not.toBe(before)
})

test('private keys and kubeconfigs are readable by their owner alone', async () => {
  const by = await authority(folder, 'test')
  const client = await issue(by, 'client', { commonName: 'x' })
  const config = await writeKubeconfig(join(folder, 'config'), { server: 'https://127.0.0.1:1', authority: by, client })
  for (const file of [by.key, client.key, config]) expect((await stat(file)).mode & 0o077).toBe(0)
})

test('a kubeconfig holds everything it needs', async () => {
  const by = await authority(folder, 'test')
  const client = await issue(by, 'client', { commonName: 'x' })
  const file = await writeKubeconfig(join(folder, 'config'), { server: 'https://127.0.0.1:1', authority: by, client })
  const { clusters, users } = JSON.parse(await readFile(file, 'utf8'))
  expect(clusters[0].cluster.server).toBe('https://127.0.0.1:1')
  expect(Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64')).toEqual(await readFile(by.file))
  expect(Buffer.from(users[0].user['client-key-data'], 'base64')).toEqual(await readFile(client.key))
})
