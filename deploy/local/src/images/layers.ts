import { spawn } from 'node:child_process'
import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'

import { cached, type Recipe } from '../cache.ts'
import { step } from '../progress.ts'

/** A layer on disk: one compressed tar, made once and shared by every image that builds on it. */
export interface Layer {
  path: string
  /** Of the compressed bytes. */
  digest: string
  /** Of the tar inside. */
  diffId: string
  size: number
}

/** The program that writes a layer's tar to its standard output. */
export interface TarProgram {
  program: string
  args: string[]
  input?: string
}

/** A layer by the inputs that decide it: `tar` may fill a scratch folder and says which program then writes the tar. */
export interface LayerRecipe {
  name: string
  inputs: Recipe['inputs']
  tar: (scratch: string) => Promise<TarProgram>
}

/** The layer of a recipe, built if the cache lacks it. */
export async function cachedLayer({ name, inputs, tar }: LayerRecipe): Promise<Layer> {
  const folder = await cached({
    name: `layer-${name}`,
    inputs,
    build: (into) =>
      step(`Making the image layer ${name}`, async () => {
        const scratch = join(into, 'scratch')
        await mkdir(scratch)
        await pack(await tar(scratch), into)
        await rm(scratch, { recursive: true, force: true })
      }),
  })
  const path = join(folder, 'layer.tar.zst')
  return { path, size: (await stat(path)).size, ...JSON.parse(await readFile(join(folder, 'layer.json'), 'utf8')) }
}

/** Writes everything in a folder as a tar, owned by root. */
export function tarOfFolder(folder: string): TarProgram {
  const args = ['--create', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--directory', folder, '.']
  return { program: 'tar', args }
}

// Zstandard: a node unpacks such a layer several times faster than gzip; containerd 1.5 and later, buildah and skopeo read it.
async function pack({ program, args, input }: TarProgram, into: string): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000)
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const [diffId, digest] = [createHash('sha256'), createHash('sha256')]
  const file = createWriteStream(join(into, 'layer.tar.zst'))
  const [code] = await Promise.all([ended, pipeline(child.stdout, through(diffId), createZstdCompress(), through(digest), file)])
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${errors}`)
  const digests = { digest: `sha256:${digest.digest('hex')}`, diffId: `sha256:${diffId.digest('hex')}` }
  await writeFile(join(into, 'layer.json'), JSON.stringify(digests))
}

function through(hash: Hash) {
  return async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      hash.update(chunk)
      yield chunk
    }
  }
}
