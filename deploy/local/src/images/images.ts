import { cached } from '../cache.ts'
import { run } from '../command.ts'
import { pushBinaryImage } from './binary.ts'
import { pushImage } from './oci.ts'
import { parseReference } from './reference.ts'
import { chosen, createBuilder, definitions, type StandIn, standIns } from './stand-ins.ts'
import { reachable } from './upstream.ts'

export { type BinaryImage, pushBinaryImage } from './binary.ts'

/** Image of the program that holds a pod's namespaces open; the name to configure in the container runtime. */
export const pauseImage = 'registry.k8s.io/pause:3.10'

/** Where the images of templates come from: upstream, stand-ins built here, or stand-ins where upstream does not answer. */
export type ImageSource = 'auto' | 'upstream' | 'stand-in'

/** Pushes the images without which no pod starts. */
export async function ensurePlatformImages(mirror: string): Promise<void> {
  const source = `${definitions}pause/main.go`
  const folder = await cached({
    name: 'pause',
    inputs: [{ path: source }],
    build: async (into) => {
      const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', `${into}/pause`, source]
      await run('go', args, { env: { CGO_ENABLED: '0' } })
    },
  })
  const config = { User: '65535:65535' }
  await pushBinaryImage({ mirror, reference: pauseImage, binary: `${folder}/pause`, entrypoint: ['/pause'], config })
}

/** Which stand-ins to have; without references all but those on demand, without a source `auto`. */
export interface StandInChoice {
  references?: string[]
  source?: ImageSource
}

/** Builds what the cache lacks and pushes what the mirror lacks of the chosen stand-ins. */
export async function ensureStandIns(mirror: string, { references, source = 'auto' }: StandInChoice = {}): Promise<void> {
  const all = await standIns()
  const build = createBuilder(all)
  await Promise.all(
    chosen(all, references).map(async (standIn) => {
      if (await wanted(standIn, source)) await pushImage(mirror, standIn.reference, await build(standIn))
    }),
  )
}

async function wanted({ reference }: StandIn, source: ImageSource): Promise<boolean> {
  if (source === 'auto') return !(await reachable(parseReference(reference).registry))
  return source === 'stand-in'
}
