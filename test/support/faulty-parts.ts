import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '@karvdash/local/command'
import { freePorts } from '@karvdash/local/ports'
import type { System } from './system.ts'

/** Something outside of Kubernetes that runs for a test. */
export interface Part {
  address: string
  stop(): Promise<void>
}

/** A registry that lets nobody in without a password, which nobody has. */
export async function lockedRegistry({ node }: System): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-registry-'))
  const [port] = await freePorts(1)
  const address = `${node.hostIp}:${port}`
  const passwords = join(folder, 'htpasswd')
  await writeFile(passwords, 'nobody:$2y$05$abcdefghijklmnopqrstuuJ9yGJ3R8Vt7H0P0dO1J6nT7uVh0yq2a\n')
  const config = {
    ...{ version: 0.1, log: { level: 'error', accesslog: { disabled: true } }, http: { addr: address } },
    storage: { filesystem: { rootdirectory: folder } },
    auth: { htpasswd: { realm: 'registry', path: passwords } },
  }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const hosts = join(node.folder, 'registry-hosts', address)
  await mkdir(hosts, { recursive: true })
  await writeFile(join(hosts, 'hosts.toml'), `[host."http://${address}"]\n  capabilities = ["pull", "resolve"]\n`)
  const registry = spawn('docker-registry', ['serve', join(folder, 'config.json')], { stdio: 'ignore' })
  return {
    address,
    async stop() {
      registry.kill()
      await once(registry, 'exit')
      await rm(hosts, { recursive: true })
      await rm(folder, { recursive: true })
    },
  }
}

/** A webhook that allows nothing; `authority` is the certificate to trust it by, in base64. */
export async function sternWebhook({ node }: System, why: string): Promise<Part & { authority: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-webhook-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=stern', '-addext', `subjectAltName=IP:${node.hostIp}`]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await run('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert])
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, async (request, response) => {
    const { request: review } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { request: { uid: string } }
    const answer = { uid: review.uid, allowed: false, status: { message: why } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }))
  })
  const authority = (await readFile(cert)).toString('base64')
  await rm(folder, { recursive: true })
  server.listen(0, node.hostIp)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    ...{ address: `https://${node.hostIp}:${port}/`, authority },
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Has a webhook asked about the pods of one service alone. */
export function webhookOf(name: string, service: string, clientConfig: object): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        ...{ name: 'judge.example.org', clientConfig, failurePolicy: 'Fail', sideEffects: 'None', timeoutSeconds: 2 },
        admissionReviewVersions: ['v1'],
        objectSelector: { matchLabels: { 'karvdash.io/service': service } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      },
    ],
  }
}
