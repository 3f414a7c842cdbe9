import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { makeCertificates } from '@karvdash/backend/webhooks/make-certificates'
import * as z from 'zod'
import type { Cluster } from '../support/cluster.ts'

const Review = z.object({ request: z.object({ uid: z.string() }) })

/** A webhook that looks at the pods of one namespace and lets everything in, as fast as anything written for Node can: what the asking alone costs. */
export async function openEmptyWebhook(cluster: Cluster, namespace: string): Promise<() => Promise<void>> {
  const certificates = await makeCertificates({ names: ['localhost'], addresses: ['127.0.0.1'], now: Date.now() })
  const server = createSecureServer({ cert: certificates['tls.crt'], key: certificates['tls.key'] }, (request, answer) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { uid } = Review.parse(JSON.parse(Buffer.concat(chunks).toString())).request
      answer.setHeader('content-type', 'application/json')
      const response = { uid, allowed: true }
      answer.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await cluster.create(configuration(server, { namespace, ca: certificates['ca.crt'] }))
  return async () => {
    await cluster.kubectl('delete', 'validatingwebhookconfiguration', 'empty')
    server.close()
  }
}

function configuration(server: Http2SecureServer, { namespace, ca }: { namespace: string; ca: string }): object {
  const { port } = server.address() as AddressInfo
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'empty' },
    webhooks: [
      {
        name: 'empty.karvdash.io',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(ca).toString('base64') },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
    ],
  }
}
