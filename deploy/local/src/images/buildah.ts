import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { cacheFolder } from '../cache.ts'
import { run } from '../command.ts'
import { inMirror } from './reference.ts'

/** A Dockerfile to build without a daemon. */
export interface Build {
  dockerfile: string
  /** Folders that take the place of the Dockerfile's stages of the same names. */
  stages: Record<string, string>
  /** The registry that is asked first for the images it builds on, and that gets the result. */
  mirror: string
  reference: string
  /** A scratch folder, which the caller removes. */
  work: string
}

/** Builds an image and pushes it to the mirror. Steps that did not change come from the storage in the cache folder. */
export async function buildAndPush({ dockerfile, stages, mirror, reference, work }: Build): Promise<void> {
  const buildah = await createBuildah(mirror, work)
  const empty = join(work, 'context')
  await mkdir(empty)
  const contexts = Object.entries(stages).flatMap(([name, folder]) => ['--build-context', `${name}=${folder}`])
  await buildah(['bud', '--layers', ...contexts, '--file', dockerfile, '--tag', localName, empty])
  await buildah(['push', '--tls-verify=false', localName, inMirror(mirror, reference).copyTarget])
  await buildah(['rmi', '--prune'])
}

// One name for every build, so that each one frees its predecessor.
const localName = 'localhost/karvdash-build'

type Buildah = (args: string[]) => Promise<string>

async function createBuildah(mirror: string, work: string): Promise<Buildah> {
  const registries = join(work, 'registries.conf')
  await writeFile(registries, registriesConf(new URL(mirror).host))
  const env = { BUILDAH_ISOLATION: 'chroot', CONTAINERS_REGISTRIES_CONF: registries }
  const using = (driver: string) => (args: string[]) => {
    const storage = [
      '--storage-driver',
      driver,
      '--root',
      join(cacheFolder, `buildah-${driver}`),
      '--runroot',
      join(work, driver),
    ]
    // Buildah leaves mounts behind; in a mount namespace of its own they go with it.
    return run('unshare', ['--mount', 'buildah', ...storage, ...args], { env })
  }
  const overlay = using('overlay')
  return overlay(['info']).then(
    () => overlay,
    () => using('vfs'), // slower, but works where the cache folder lies on a file system that overlays refuse
  )
}

function registriesConf(mirrorHost: string): string {
  return [
    'unqualified-search-registries = []',
    '[[registry]]',
    'prefix = "docker.io"',
    'location = "docker.io"',
    '[[registry.mirror]]',
    `location = "${mirrorHost}"`,
    'insecure = true',
    '',
  ].join('\n')
}
