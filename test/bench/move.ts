import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contract, FilePath, isOver } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import { type Figure, ratioFigure } from './figure.ts'
import { fill, type Shelves } from './shelf.ts'
import { interleaved, timed } from './statistics.ts'

const rounds = 2
const mebibytes = 5 * 1024

/** A large file moved to another file system: by a job, which leaves a record, syncs and looks at the original again, and by mv. */
export async function moveFigures(shelves: Shelves): Promise<Figure[]> {
  const { onDisk, inMemory } = shelves
  const original = join(onDisk.beside, 'original')
  await fill(original, mebibytes)
  const [source, target] = [join(onDisk.folder, 'moved'), join(inMemory.folder, 'moved')]
  const side = (move: () => Promise<unknown>) => ({
    measure: async () => {
      await link(original, source)
      return (await timed(move)) / 1000
    },
    after: () => rm(target),
  })
  const sides = { ours: side(() => moveByJob(shelves)), peer: side(() => run('mv', [source, target])) }
  const pairs = await interleaved(rounds, sides, 0)
  await rm(original)
  return [ratioFigure({ name: 'storage/move-to-mv', unit: 's', pairs, goal: { atMost: 1.5 } })]
}

const pollMs = 20

async function moveByJob({ client, onDisk, inMemory }: Shelves): Promise<void> {
  const entries = [{ domain: onDisk.domain, path: FilePath.parse('moved') }]
  const to = { domain: inMemory.domain, path: FilePath.parse('') }
  let job = await client.call(contract.startJob, { body: { kind: 'move', entries, to } })
  while (!isOver(job.phase)) {
    await sleep(pollMs)
    job = await client.call(contract.getJob, { params: { job: job.id } })
  }
  if (job.phase !== 'finished') throw new Error(`The move ${job.phase}: ${job.detail}`)
}
