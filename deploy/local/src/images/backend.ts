import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import { step } from '../progress.ts'
import { type Build, buildAndPush } from './buildah.ts'
import { ensureStandIns, type ImageSource } from './images.ts'
import { inMirrorAlready } from './oci.ts'

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const dockerfile = join(repository, 'deploy/images/backend/Dockerfile')
const bases = ['docker.io/library/debian:bookworm-slim', 'docker.io/library/node:24-bookworm-slim']

/** Where the backend's image goes, and where the images it builds on come from. */
export interface BackendImage {
  mirror: string
  source?: ImageSource
}

/**
 * Makes the backend's image of what `npm run build` left, by its Dockerfile, and pushes it to the mirror. Gives its reference, whose
 * tag is the hash of all that is in it; an image that is there already is not made again.
 */
export async function buildBackendImage({ mirror, source = 'auto' }: BackendImage): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'karvdash-backend-'))
  try {
    const context = join(work, 'build')
    await gather(join(context, 'app'))
    const reference = `docker.io/karvdash/backend:${await hashOf(context)}`
    if (await inMirrorAlready(mirror, reference)) return reference
    await ensureStandIns(mirror, { references: bases, source })
    const build: Build = { dockerfile, stages: { build: context }, mirror, reference, work }
    await step("Building the backend's image", () => buildAndPush(build))
    return reference
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

// What the Dockerfile's stage `build` gathers.
async function gather(app: string): Promise<void> {
  await mkdir(app, { recursive: true })
  await cp(join(repository, 'backend/dist/bundle'), app, { recursive: true })
  await cp(join(repository, 'backend/dist/page'), join(app, 'page'), { recursive: true })
  await cp(join(repository, 'templates'), join(app, 'templates'), { recursive: true })
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(dockerfile))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(`${relative(folder, file)}\0`).update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}
