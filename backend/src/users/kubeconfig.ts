import { namespaceOf, notFound } from '@karvdash/common'
import * as z from 'zod'
import type { Config } from '../config.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'

/** How people reach the cluster with kubectl. */
export interface Kubeconfigs {
  /** A kubeconfig for a user's namespace. @throws Problem 404 where this installation offers none. */
  of(user: string): Promise<Record<string, unknown>>
  /** A token of an hour for a user's account, as kubectl's plugins give one. */
  token(user: string): Promise<ExecCredential>
}

interface ExecCredential {
  apiVersion: string
  kind: string
  status: { token: string; expirationTimestamp: string }
}

export interface KubeconfigsPorts {
  kubernetes: Kubernetes
  config: Pick<Config, 'namespace' | 'clusterUrl' | 'domain'>
  /** The dashboard's own origin. */
  origin: string
}

const execVersion = 'client.authentication.k8s.io/v1'
const tokenSeconds = 3600
const Granted = z.looseObject({ status: z.looseObject({ token: z.string(), expirationTimestamp: z.string() }) })
const RootCa = z.looseObject({ data: z.looseObject({ 'ca.crt': z.string() }) })

/** Makes both: the file holds nothing secret, kubectl asks for a token each time by a personal token that lies in a file of its own. */
export function createKubeconfigs({ kubernetes, config, origin }: KubeconfigsPorts): Kubeconfigs {
  return {
    async of(user) {
      if (config.clusterUrl === '') throw notFound('address of the cluster for', user)
      const found = await kubernetes.get(resources.configMaps, { namespace: config.namespace, name: 'kube-root-ca.crt' })
      const ca = Buffer.from(RootCa.parse(found).data['ca.crt']).toString('base64')
      return kubeconfig({ user, cluster: config.domain, url: config.clusterUrl, ca, origin })
    },
    async token(user) {
      const path = `/api/v1/namespaces/${namespaceOf(user)}/serviceaccounts/default/token`
      const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: tokenSeconds } }
      const { token, expirationTimestamp } = Granted.parse(await kubernetes.review(path, asked)).status
      return { apiVersion: execVersion, kind: 'ExecCredential', status: { token, expirationTimestamp } }
    },
  }
}

interface Facts {
  user: string
  cluster: string
  url: string
  ca: string
  origin: string
}

function kubeconfig({ user, cluster, url, ca, origin }: Facts): Record<string, unknown> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  const header = '"${KARVDASH_TOKEN:-$HOME/.config/karvdash/kubectl}"'
  const script = `exec curl --silent --show-error --fail --request POST --header @${header} ${origin}/api/account/cluster-token`
  const installHint = `Make a personal token at ${origin}/#/account and write "Authorization: Bearer" and the token into ~/.config/karvdash/kubectl`
  const exec = { apiVersion: execVersion, command: 'sh', args: ['-c', script], interactiveMode: 'Never', installHint }
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server: url, 'certificate-authority-data': ca } }],
    users: [{ name: user, user: { exec } }],
    contexts: [{ name: cluster, context: { cluster, user, namespace: namespaceOf(user) } }],
    'current-context': cluster,
  }
}
