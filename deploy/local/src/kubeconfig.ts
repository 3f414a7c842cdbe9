import { readFile } from 'node:fs/promises'
import type { Authority, Certificate } from './certificates.ts'
import { writeIfChanged } from './files.ts'

/** What a kubeconfig says. */
export interface Access {
  server: string
  authority: Authority
  client: Certificate
}

/** Writes a kubeconfig readable by its owner alone, with everything inside, so that it can be copied anywhere. */
export async function writeKubeconfig(file: string, access: Access): Promise<string> {
  const [ca, certificate, key] = await Promise.all(
    [access.authority.file, access.client.file, access.client.key].map((path) => readFile(path)),
  )
  const name = 'karvdash'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: access.server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  }
  // JSON is YAML.
  return writeIfChanged(file, `${JSON.stringify(config, null, 2)}\n`, 0o600)
}

function base64(content: Buffer | undefined): string {
  return content?.toString('base64') ?? ''
}
