import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { binary } from '../binaries.ts'
import { codeServer } from '../code-server.ts'
import { debianLayer } from './debian.ts'
import { cachedLayer, type Layer } from './layers.ts'
import type { Image, ImageConfig } from './oci.ts'
import { changesOf } from './rootfs.ts'

/** The folder of image definitions, one folder an image. */
export const definitions = fileURLToPath(new URL('../../images/', import.meta.url))

const repository = fileURLToPath(new URL('../../../../', import.meta.url))

/** An upstream image made again from package registries, as its `image.json` describes it. */
export interface StandIn {
  /** The name of its folder, which may also have `setup.sh` (run inside) and `rootfs/` (laid over the root). */
  name: string
  /** The upstream image it stands for. */
  reference: string
  /** The reference of the stand-in it builds on; absent for the Debian below them all. */
  from?: string
  /** Files of this repository's folder, by their path in the image. */
  files?: Record<string, string>
  /** Programs that the cache has, by their file or folder in the image. */
  programs?: Record<string, keyof typeof programFolders>
  /** What its containers run with, where that differs from `from`. */
  config: ImageConfig
  /** Whether it is made for whoever asks for it by its reference alone. */
  onDemand?: boolean
}

const programFolders = { 'code-server': codeServer, minio: () => binary('minio') }

/** Every stand-in that is defined. */
export async function standIns(): Promise<StandIn[]> {
  const names = (await readdir(definitions)).filter((name) => existsSync(join(definitions, name, 'image.json')))
  return Promise.all(
    names.sort().map(async (name) => ({ name, ...JSON.parse(await readFile(join(definitions, name, 'image.json'), 'utf8')) })),
  )
}

/** The stand-ins of these references; without references all but those on demand. An unknown one is an error. */
export function chosen(all: StandIn[], references?: string[]): StandIn[] {
  if (!references) return all.filter(({ onDemand }) => !onDemand)
  const unknown = references.filter((reference) => !all.some((standIn) => standIn.reference === reference))
  if (unknown.length > 0) throw new Error(`no stand-in for ${unknown.join(', ')}`)
  return all.filter(({ reference }) => references.includes(reference))
}

/** Gives a function that builds stand-ins, each at most once, the ones they build on first. */
export function createBuilder(all: StandIn[]): (standIn: StandIn) => Promise<Image> {
  const images = new Map<string, Promise<Image>>()
  return build

  function build(standIn: StandIn): Promise<Image> {
    const image = images.get(standIn.reference) ?? (standIn.from ? extend(standIn, standIn.from) : debian(standIn))
    images.set(standIn.reference, image)
    return image
  }

  async function extend(standIn: StandIn, from: string): Promise<Image> {
    const below = all.find(({ reference }) => reference === from)
    if (!below) throw new Error(`${standIn.name} builds on ${from}, for which there is no stand-in`)
    const base = await build(below)
    const layers = [...base.layers, await layerOf(standIn, base.layers)]
    return { layers, config: { ...base.config, ...standIn.config } }
  }
}

async function debian({ config }: StandIn): Promise<Image> {
  return { layers: [await cachedLayer(debianLayer)], config }
}

async function layerOf({ name, files: listed = {}, programs = {} }: StandIn, below: Layer[]): Promise<Layer> {
  const overlay = join(definitions, name, 'rootfs')
  const setup = join(definitions, name, 'setup.sh')
  const files = Object.fromEntries(Object.entries(listed).map(([target, source]) => [target, join(repository, source)]))
  const folders = await foldersOf(programs)
  const sources = [overlay, setup, ...Object.values(files)].filter(existsSync).map((path) => ({ path }))
  return cachedLayer({
    name,
    inputs: [...below.map(({ diffId }) => diffId), ...Object.keys(files), ...Object.entries(folders).flat(), ...sources],
    tar: (scratch) => changesOf({ below, overlay, files: { ...folders, ...files }, setup }, scratch),
  })
}

async function foldersOf(programs: NonNullable<StandIn['programs']>): Promise<Record<string, string>> {
  const found = Object.entries(programs).map(async ([target, name]) => [target, await programFolders[name]()] as const)
  return Object.fromEntries(await Promise.all(found))
}
