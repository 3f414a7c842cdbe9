import { randomBytes } from 'node:crypto'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contract, createClient, FilePath } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import type { Backend } from '../support/backend.ts'
import { externalRegistry, inspected } from '../support/images.ts'
import { type RunningRegistry, startRegistry } from '../support/registry.ts'
import { type Figure, limitFigure, ratioFigure } from './figure.ts'
import { clientOf, type Ground, tenant } from './ground.ts'
import { inTurn, timed } from './statistics.ts'
import { withPeak } from './transfers.ts'

const rounds = 3
const mebibyte = 1024 * 1024
const layers = 4
const mebibytesOfLayer = 512

/**
 * An image of 2 GiB from a file of `docker save`, as our backend and skopeo add it to the same registry, which had nothing of it before; and once more under
 * another name.
 */
export async function registryUploadFigures(ground: Ground): Promise<Figure[]> {
  const registry = await startRegistry({ storage: join(ground.folder, 'registry') })
  const backend = await ground.start(externalRegistry(registry))
  const file = join(ground.cluster.domains, 'local', tenant.username, 'image.tar')
  try {
    await makeImage(join(ground.folder, 'image'), file)
    return await figures({ registry, backend, file })
  } finally {
    await backend.stop()
    await registry.stop()
    await rm(file, { force: true })
  }
}

interface Parts {
  registry: RunningRegistry
  backend: Backend
  file: string
}

async function figures({ registry, backend, file }: Parts): Promise<Figure[]> {
  const add = await adding(backend)
  const ours = withPeak(backend.pid, () => timed(() => add(`${tenant.username}/cold`)))
  const warm: number[] = []
  const rates = await inTurn(rounds, {
    ours: async () => {
      const ms = await fromNothing(registry, ours.measure)
      warm.push(await timed(() => add(`${tenant.username}/warm${warm.length}`)))
      return ms
    },
    peer: () => fromNothing(registry, () => timed(() => copied(file, registry))),
  })
  const pairs = rates.map((one) => ({ ours: one.ours / 1000, peer: one.peer / 1000 }))
  const again = rates.map((one, i) => ({ ours: (warm[i] ?? Number.NaN) / 1000, peer: one.ours / 1000 }))
  const peaks = [{ ours: Math.max(...ours.peaks), peer: Math.max(...ours.peaks) }]
  return [
    ratioFigure({ name: 'registry/upload-cold', unit: 's', pairs, goal: { atMost: 1 } }),
    ratioFigure({ name: 'registry/upload-warm', unit: 's', pairs: again, goal: { atMost: 0.1 } }),
    limitFigure({ name: 'registry/upload-rss', unit: 'MiB', pairs: peaks, goal: { atMost: 150 } }),
  ]
}

/** Measures something with a registry that has nothing, and with all that was written before on the disk. */
async function fromNothing(registry: RunningRegistry, measure: () => Promise<number>): Promise<number> {
  await registry.kill()
  await rm(registry.storage, { recursive: true, force: true })
  await registry.start()
  await run('sync', [])
  return measure()
}

type Add = (repository: string) => Promise<void>

async function adding(backend: Backend): Promise<Add> {
  const { secret } = await clientOf(backend, tenant).call(contract.createToken, { body: { name: 'images' } })
  const client = createClient({ url: backend.url, headers: () => ({ authorization: `Bearer ${secret}` }) })
  return async (repository) => {
    const from = { domain: 'local' as const, path: FilePath.parse('image.tar') }
    const { id } = await client.call(contract.addImage, { body: { from, as: { repository, tag: '1' } } })
    for (;;) {
      const { endedAt, phase, detail } = await client.call(contract.getAddition, { params: { addition: id } })
      if (phase === 'finished') return
      if (endedAt !== undefined) throw new Error(`The image was not added: ${detail}`)
      // Asking all the time would be measured, too.
      await sleep(100)
    }
  }
}

async function copied(file: string, registry: RunningRegistry): Promise<void> {
  await run('skopeo', ['copy', '--dest-tls-verify=false', `docker-archive:${file}`, `docker://${registry.host}/peer/cold:1`])
  await inspected(registry, 'peer/cold:1')
}

/** Writes an image as `docker save` does: half of each layer is text, and half can be compressed no more. */
async function makeImage(folder: string, file: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const tar = (...args: string[]) => run('tar', ['--create', '--directory', folder, '--file', ...args])
  const diffIds: string[] = []
  const names: string[] = []
  for (let layer = 0; layer < layers; layer++) {
    await writeMixed(join(folder, 'content'))
    await tar(join(folder, `${layer}.tar`), 'content')
    names.push(`${layer}.tar`)
    diffIds.push(`sha256:${(await run('sha256sum', [join(folder, `${layer}.tar`)])).slice(0, 64)}`)
  }
  const config = { os: 'linux', architecture: 'amd64', config: {}, rootfs: { type: 'layers', diff_ids: diffIds } }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: ['image:1'], Layers: names }]),
  )
  await tar(file, ...names, 'config.json', 'manifest.json')
  await rm(folder, { recursive: true })
}

async function writeMixed(path: string): Promise<void> {
  const words = Array.from({ length: 4096 }, () => randomBytes(3).toString('hex'))
  const text = Array.from({ length: mebibyte }, () => words[Math.floor(Math.random() * words.length)])
    .join(' ')
    .slice(0, mebibyte)
  await using out = await open(path, 'w')
  for (let at = 0; at < mebibytesOfLayer; at += 2) await out.write(Buffer.concat([Buffer.from(text), randomBytes(mebibyte)]))
}
