import { fileURLToPath } from 'node:url'
import { binary } from '../binaries.ts'
import { requirePackages } from '../prerequisites.ts'
import { root, runHere, runNode } from './process.ts'

/** What the peers are, and what puts load on them. */
const tools = { nginx: 'nginx', caddy: 'caddy', zip: 'zip', htpasswd: 'apache2-utils', wrk: 'wrk', curl: 'curl' }

/** Measures figures of test/bench (all of them where none is named) against their peers, and prints a line for each. */
export async function bench(names: string[]): Promise<number> {
  await requirePackages(tools)
  for (const name of ['kubernetes', 'helm'] as const) await binary(name)
  const built = await runHere(process.execPath, [`${root}/backend/build.mjs`])
  return built || runNode([fileURLToPath(new URL('../../../../test/bench/main.ts', import.meta.url)), ...names])
}
