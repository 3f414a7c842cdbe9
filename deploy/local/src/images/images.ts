import { fileURLToPath } from 'node:url'

import { cached } from '../cache.ts'
import { run } from '../command.ts'
import { step } from '../progress.ts'
import { pushBinaryImage } from './binary.ts'

export { type BinaryImage, pushBinaryImage } from './binary.ts'

const sources = fileURLToPath(new URL('../../images/', import.meta.url))

/** The references of the images the node itself needs. */
export const platformImages = { pause: 'registry.k8s.io/pause:3.10' }

/** Pushes the images without which no pod starts: the one that holds a pod's namespaces open. */
export async function ensurePlatformImages(mirror: string): Promise<void> {
  const source = `${sources}pause/main.go`
  const folder = await cached({
    name: 'pause',
    inputs: [{ path: source }],
    build: (into) =>
      step('Building the pause program', async () => {
        await run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', `${into}/pause`, source], { env: { CGO_ENABLED: '0' } })
      }),
  })
  const config = { User: '65535:65535' }
  await pushBinaryImage({
    mirror,
    reference: platformImages.pause,
    binary: `${folder}/pause`,
    entrypoint: ['/pause'],
    config,
  })
}
