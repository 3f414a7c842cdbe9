import { writeFileSync } from 'node:fs'
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '@karvdash/local/command'
import { type Figure, limitFigure, ratioFigure } from './figure.ts'
import { jupyterFiles, nginxFiles } from './file-servers.ts'
import { addressOf, curl, curlHeaders, type Shelf, type Shelves } from './shelf.ts'
import { inTurn, interleaved, timed } from './statistics.ts'
import { withPeak } from './transfers.ts'

const entries = 100_000
const files = 10_000

/** A folder of very many entries, and very many small files. */
export async function manyFigures(shelves: Shelves): Promise<Figure[]> {
  return [...(await listFigures(shelves)), ...(await smallFileFigures(shelves))]
}

async function listFigures(shelves: Shelves): Promise<Figure[]> {
  const { onDisk, headers } = shelves
  const folder = join(onDisk.folder, 'many')
  await mkdir(folder)
  for (let i = 0; i < entries; i++) writeFileSync(join(folder, `entry ${i}.txt`), '')
  const jupyter = await jupyterFiles({ root: onDisk.folder, state: join(onDisk.beside, 'jupyter') })
  try {
    const address = addressOf(shelves, onDisk, 'many', 'entries')
    const page = (rest: string) => asked(`${address}${rest}`, headers)
    const whole = async () => {
      let next: string | undefined
      do {
        next = (await page(`&limit=5000${next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`}`)).next
      } while (next !== undefined)
    }
    const theirs = () => timed(() => asked(`${jupyter.url}/api/contents/many?type=directory&content=1`))
    // A folder with another time is read anew.
    let second = 1_600_000_000
    const touched = async (work: () => Promise<unknown>) => {
      await utimes(folder, ++second, second)
      return await timed(work)
    }
    const ours = await inTurn(9, { first: () => touched(() => page('')) })
    const pairs = await interleaved(1, { ours: { measure: () => touched(whole) }, peer: { measure: theirs } }, 0)
    const first = ours.slice(1).map((one, i) => ({ ours: one.first, peer: pairs[i % pairs.length]?.peer ?? Number.NaN }))
    return [
      limitFigure({ name: 'storage/list-first-page', unit: 'ms', pairs: first, goal: { atMost: 100 } }),
      ratioFigure({ name: 'storage/list-to-jupyter', unit: 'ms', pairs, goal: { atMost: 1 / 3 } }),
    ]
  } finally {
    await jupyter.stop()
  }
}

async function asked(url: string, headers: Record<string, string> = {}): Promise<{ next?: string }> {
  const answer = await fetch(url, { headers })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as { next?: string }
}

/** Beside nginx, who asks for no token and writes no log. In memory, since ours are on the disk when they are answered, each by itself, and those of nginx some time later. */
async function smallFileFigures(shelves: Shelves): Promise<Figure[]> {
  const { inMemory } = shelves
  const folder = join(inMemory.folder, 'small')
  await mkdir(folder)
  const one = join(inMemory.beside, 'small')
  await mkdir(inMemory.beside, { recursive: true })
  await writeFile(one, 'All of the files are as short as this. '.repeat(100))
  const nginx = await nginxFiles({ root: inMemory.folder, state: join(inMemory.beside, 'nginx') })
  try {
    const sent = (headers: string[], addressFor: (name: string) => string) => ({
      measure: async () => {
        const list = join(inMemory.beside, 'list')
        const names = Array.from({ length: files }, (_, i) => `small/${i}.txt`)
        await writeFile(list, names.map((name) => entryFor(one, addressFor(name))).join(''))
        return (files * 1000) / (await timed(() => run('curl', [...parallel, ...headers, '--config', list])))
      },
    })
    const sides = {
      ours: sent(curlHeaders(shelves), (name) => addressOf(shelves, inMemory, name)),
      peer: sent([], (name) => `${nginx.url}/${name}`),
    }
    const uploads = await interleaved(2, sides, 0)
    return [
      ratioFigure({ name: 'storage/small-files-to-nginx', unit: '/s', pairs: uploads, goal: { atLeast: 0.05 } }),
      ...(await zipFigures(shelves)),
    ]
  } finally {
    await nginx.stop()
    await rm(folder, { recursive: true })
  }
}

const parallel = ['--silent', '--show-error', '--fail', '--parallel', '--parallel-max', '8']

function entryFor(file: string, url: string): string {
  return `upload-file = "${file}"\nurl = "${url}"\noutput = /dev/null\n`
}

/** Packed while it is sent, against Info-ZIP that packs as tightly into a pipe; and the memory of a folder of very many entries, beside that of one file. */
async function zipFigures(shelves: Shelves): Promise<Figure[]> {
  const { inMemory, onDisk, backend } = shelves
  const packed = (shelf: Shelf, path: string) => () =>
    timed(() => curl([...curlHeaders(shelves), `${addressOf(shelves, shelf, path, 'archive')}&format=zip`]))
  const theirs = () => timed(() => run('sh', ['-c', 'zip -1 -q -r - small | cat >/dev/null'], { cwd: inMemory.folder }))
  const pairs = await interleaved(2, { ours: { measure: packed(inMemory, 'small') }, peer: { measure: theirs } })
  const large = withPeak(backend.pid, packed(onDisk, 'many'))
  const before = withPeak(backend.pid, packed(inMemory, 'small/0.txt'))
  await before.measure()
  await large.measure()
  const peaks = large.peaks.map((ours, i) => ({ ours, peer: before.peaks[i] ?? Number.NaN }))
  return [
    ratioFigure({ name: 'storage/zip-to-zip', unit: 'ms', pairs, goal: { atMost: 4 } }),
    limitFigure({ name: 'storage/zip-rss', unit: 'MiB', pairs: peaks, goal: { atMost: 150 } }),
  ]
}
