import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, contract } from '@karvdash/common'
import { run } from '@karvdash/local/command'
import { externalRegistry } from '../support/images.ts'
import { pushImage } from '../support/push.ts'
import { startRegistry } from '../support/registry.ts'
import { type Figure, limitFigure, ratioFigure } from './figure.ts'
import { clientOf, type Ground, tenant } from './ground.ts'
import { interleaved, timed } from './statistics.ts'

const repositories = 1000
const tags = 5
const page = 100
const rounds = 9

/**
 * Pages of a thousand repositories with five tags each: the first one, as it is asked for again and again, and others, of which nothing is known yet. curl asks a real registry for the same: all names, and the tags of a page of
 * them, beside each other.
 */
export async function registryListFigures(ground: Ground): Promise<Figure[]> {
  const registry = await startRegistry()
  const backend = await ground.start(externalRegistry(registry))
  try {
    for (let tag = 0; tag < tags; tag++) await pushImage(registry.url, `bench/of:v${tag}`)
    const names = Array.from({ length: repositories }, (_, at) => `bench/n${String(at).padStart(4, '0')}`)
    await registry.copy('bench/of', names)
    const client = clientOf(backend, tenant)
    const peer = { measure: await curl(join(ground.folder, 'list.curl'), registry.url, names.slice(0, page)) }
    const first = await interleaved(rounds, { ours: { measure: () => timed(() => list(client)) }, peer })
    const next = await interleaved(rounds - 1, { ours: { measure: nextPage(client) }, peer })
    return [
      limitFigure({ name: 'registry/list', unit: 'ms', pairs: first, goal: { atMost: 200 } }),
      ratioFigure({ name: 'registry/list-next', unit: 'ms', pairs: next, goal: { atMost: 2 } }),
    ]
  } finally {
    await backend.stop()
    await registry.stop()
  }
}

async function list(client: Client, cursor?: string): Promise<string> {
  const { items, next } = await client.call(contract.listRepositories, { query: { limit: page, cursor } })
  if (items.length !== page || items.some((item) => item.tags !== tags)) throw new Error('The page is not as it should be')
  return next ?? ''
}

/** Each measure goes one page further. */
function nextPage(client: Client): () => Promise<number> {
  let cursor: string | undefined
  return () =>
    timed(async () => {
      cursor = await list(client, cursor)
    })
}

/** The same of the registry itself. */
async function curl(file: string, url: string, names: string[]): Promise<() => Promise<number>> {
  const asked = ['_catalog?n=1000', ...names.map((name) => `${name}/tags/list`)]
  await writeFile(file, asked.map((path) => `url = "${url}/v2/${path}"\noutput = "/dev/null"\n`).join(''))
  const options = ['--silent', '--fail', '--parallel', '--parallel-max', '32', '--config', file]
  return () => timed(() => run('curl', options))
}
