import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatYaml } from '@karvdash/backend/yaml'
import { type Client, contract, namespaceOf } from '@karvdash/common'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { type Figure, ratioFigure } from './figure.ts'
import { type Ground, tenant } from './ground.ts'
import { interleaved, type Side, timed } from './statistics.ts'
import { secretText } from './template.ts'

const rounds = 9
const warmUps = 3
const namespace = namespaceOf(tenant.username)

/** A launch of ten objects (and the Ingress) by the API, against the commands that an administrator would type for the same objects. */
export async function launchFigures(ground: Ground, client: Client): Promise<Figure[]> {
  const kubectl = await interleaved(rounds, { ours: launching(client), peer: await applying(ground, client) }, warmUps)
  const helm = await interleaved(rounds, { ours: launching(client), peer: await installing(ground, client) }, warmUps)
  return [
    ratioFigure({ name: 'launch/kubectl-apply', unit: 'ms', pairs: kubectl, goal: { atMost: 0.25 } }),
    ratioFigure({ name: 'launch/helm-install', unit: 'ms', pairs: helm, goal: { atMost: 0.15 } }),
  ]
}

function launching(client: Client): Side {
  const body = { template: 'ten', name: 'ours', values: {} }
  let name = ''
  return {
    measure: () =>
      timed(async () => {
        const service = await client.call(contract.launchService, { body })
        if (service.state === 'Failed') throw new Error(service.reason)
        name = service.name
      }),
    async after() {
      await client.call(contract.deleteService, { params: { service: name } })
      // The name is free again when the garbage collector has seen to what was launched.
      while (await isThere(client, name)) await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

function isThere(client: Client, service: string): Promise<boolean> {
  return client.call(contract.getService, { params: { service } }).then(
    () => true,
    () => false,
  )
}

/** `kubectl apply` of the objects, all of them new; what kubectl keeps of discovery is warm after the first time. */
async function applying(ground: Ground, client: Client): Promise<Side> {
  const file = join(ground.folder, 'objects.json')
  const items = await objects(client, 'applied')
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  const kubectl = async (...args: string[]) =>
    run(await binary('kubernetes'), ['kubectl', ...connection(ground), ...args], { env: home(ground) })
  return {
    measure: () => timed(() => kubectl('apply', '-f', file)),
    after: () => kubectl('delete', '-f', file),
  }
}

/** `helm install` of a chart that is just these objects. */
async function installing(ground: Ground, client: Client): Promise<Side> {
  const chart = join(ground.folder, 'chart')
  await mkdir(join(chart, 'templates'), { recursive: true })
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: ten\nversion: 1.0.0\n')
  const items = await objects(client, 'installed')
  await writeFile(join(chart, 'templates/objects.yaml'), items.map((object) => formatYaml(object)).join('---\n'))
  const helm = async (...args: string[]) => run(await binary('helm'), [...connection(ground), ...args], { env: home(ground) })
  return {
    measure: () => timed(() => helm('install', 'ten', chart)),
    after: () => helm('uninstall', 'ten', '--wait'),
  }
}

const connection = ({ cluster }: Ground) => ['--kubeconfig', cluster.plane.kubeconfig, '-n', namespace]

/** The caches of kubectl and helm go with the ground. */
const home = ({ folder }: Ground) => ({ HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') })

async function objects(client: Client, name: string): Promise<Record<string, unknown>[]> {
  const rendered = await client.call(contract.renderTemplate, { params: { template: 'ten' }, body: { name, values: {} } })
  if (rendered.objects.length !== 11) throw new Error(`The template made ${rendered.objects.length} objects.`)
  return rendered.objects.map((object) => (object['kind'] === 'Secret' ? { ...object, stringData: secretText } : object))
}
