import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contract, type ImageAddition, type NewImage, type TransferClient } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import type * as z from 'zod'
import type { RunningRegistry } from './registry.ts'
import { until } from './until.ts'

/** What a backend is told of a registry that it reaches by address. */
export function externalRegistry({ url }: Pick<RunningRegistry, 'url'>): Record<string, string> {
  const host = { KARVDASH_REGISTRY_HOST: 'registry.karvdash.test:8443' }
  return { KARVDASH_REGISTRY_KIND: 'external', KARVDASH_REGISTRY_URL: url, ...host }
}

/** An image as tools make it, in files of the formats that they write. */
export interface BuiltImage {
  dockerArchive: string
  ociArchive: string
  /** Of its manifest in the OCI archive. */
  digest: string
  configuration: string
}

/** Builds an image with buildah, from nothing, and has it written by buildah in both formats. */
export async function buildImage(folder: string, name: string, files: Record<string, Buffer>): Promise<BuiltImage> {
  const context = join(folder, 'context')
  await mkdir(context, { recursive: true })
  for (const [file, content] of Object.entries(files)) await writeFile(join(context, file), content)
  const dockerfile = join(folder, 'Dockerfile')
  const copies = Object.keys(files).map((file) => `COPY ${file} /${file}`)
  await writeFile(dockerfile, ['FROM scratch', ...copies, 'LABEL made=here', ''].join('\n'))
  const storage = ['--storage-driver', 'vfs', '--root', join(folder, 'root'), '--runroot', join(folder, 'run')]
  const buildah = (...args: string[]) =>
    run('unshare', ['--mount', 'buildah', ...storage, ...args], { env: { BUILDAH_ISOLATION: 'chroot' } })
  await buildah('bud', '--layers', '--file', dockerfile, '--tag', name, context)
  const [dockerArchive, ociArchive] = [join(folder, 'docker.tar'), join(folder, 'oci.tar')]
  await buildah('push', name, `docker-archive:${dockerArchive}:${name}`)
  await buildah('push', name, `oci-archive:${ociArchive}:${name}`)
  const about = JSON.parse(await run('skopeo', ['inspect', '--raw', `oci-archive:${ociArchive}`])) as {
    config: { digest: string }
  }
  const digest = (await run('skopeo', ['inspect', '--format', '{{.Digest}}', `oci-archive:${ociArchive}`])).trim()
  return { dockerArchive, ociArchive, digest, configuration: about.config.digest }
}

/** What skopeo says of an image in a registry. */
export async function inspected(
  registry: Pick<RunningRegistry, 'host'>,
  name: string,
): Promise<{ digest: string; configuration: string }> {
  const at = `docker://${registry.host}/${name}`
  const raw = JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', '--raw', at])) as { config?: { digest: string } }
  const digest = (await run('skopeo', ['inspect', '--tls-verify=false', '--format', '{{.Digest}}', at])).trim()
  return { digest, configuration: raw.config?.digest ?? '' }
}

/** Pulls an image to a file of `docker save`: skopeo unpacks each layer, and checks it. */
export async function pulled(registry: Pick<RunningRegistry, 'host'>, name: string, to: string): Promise<void> {
  await run('skopeo', ['copy', '--src-tls-verify=false', `docker://${registry.host}/${name}`, `docker-archive:${to}`])
}

/** The tags of a repository, as the registry tells them. */
export async function tagsOf({ url }: Pick<RunningRegistry, 'url'>, repository: string): Promise<string[]> {
  const answer = await fetch(`${url}/v2/${repository}/tags/list`)
  return ((await answer.json()) as { tags?: string[] | null }).tags ?? []
}

type Draft = Omit<z.input<typeof NewImage>, 'from'>

/** Additions of somebody. */
export interface Adder {
  add(path: string, more?: Draft): Promise<ImageAddition>
  get(id: string): Promise<ImageAddition>
  /** Waits until it is over. */
  over(id: string, ceilingMs?: number): Promise<ImageAddition>
  /** Adds, and waits until that is over. */
  added(path: string, more?: Draft): Promise<ImageAddition>
}

/** Adds from files in somebody's local domain. */
export function adder(client: TransferClient): Adder {
  const add = (path: string, more: Draft = {}) =>
    client.call(contract.addImage, { body: { from: { domain: 'local', path }, ...more } as z.input<typeof NewImage> })
  const get = (addition: string) => client.call(contract.getAddition, { params: { addition } })
  const over = (id: string, ceilingMs?: number) =>
    until(async () => {
      const addition = await get(id)
      return addition.endedAt === undefined ? undefined : addition
    }, ceilingMs)
  return { add, get, over, added: async (path, more) => over((await add(path, more)).id) }
}
