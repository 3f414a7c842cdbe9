import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary } from '../binaries.ts'
import { requirePackages } from '../prerequisites.ts'
import { say, step } from '../progress.ts'
import { build, lint } from './build.ts'
import { bin, runNode } from './process.ts'

/** A folder of tests, as jest.config.mjs names it. */
type Suite = 'unit' | 'integration' | 'tenancy' | 'e2e' | 'long'

/** How many tests passed and failed. */
interface Count {
  passed: number
  failed: number
}

/** Everything that CI runs: what needs no cluster runs beside the builds of what the others need. */
export async function test(args: string[]): Promise<number> {
  const prepared = step('Preparing the cluster (minutes, once)', prepare).then(
    () => true,
    (error: unknown) => {
      say(error instanceof Error ? error.message : String(error))
      return false
    },
  )
  const counts = [await checked('lint', lint), await checked('build', build), await runSuite('unit', args)]
  if (await prepared) for (const suite of ['integration', 'tenancy', 'e2e'] as const) counts.push(await runSuite(suite, args))
  else counts.push({ passed: 0, failed: 1 })
  const total = counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }))
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

/** Runs one suite alone. */
export function testSuite(suite: Suite): (args: string[]) => Promise<number> {
  return async (args) => {
    if (suite !== 'unit') await prepare()
    if (suite === 'e2e' || suite === 'tenancy' || suite === 'long') await build()
    const { passed, failed } = await runSuite(suite, args)
    console.log(`${passed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  }
}

async function prepare(): Promise<void> {
  await requirePackages()
  await requirePackages({ chromium: 'chromium' })
  // One after the other: each build uses all cores by itself.
  for (const name of ['kubernetes', 'helm', 'coredns', 'traefik'] as const) await binary(name)
}

async function checked(title: string, check: () => Promise<number>): Promise<Count> {
  const code = await step(title, check)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function runSuite(suite: Suite, args: string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-results-'))
  const results = join(folder, 'results.json')
  const flags = [
    '--selectProjects',
    suite,
    '--json',
    `--outputFile=${results}`,
    '--passWithNoTests',
    ...(suite === 'unit' ? [] : ['-i']),
  ]
  await step(`${suite} tests`, () =>
    runNode(['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest'), ...flags, ...args]),
  )
  const told = JSON.parse(await readFile(results, 'utf8').catch(() => '{}')) as Record<string, number | undefined>
  await rm(folder, { recursive: true })
  // A file that cannot even be loaded has no tests to count: it counts as one that failed.
  const { numPassedTests: passed = 0, numFailedTests: failed = 1, numRuntimeErrorTestSuites: broken = 0 } = told
  return { passed, failed: failed + broken }
}
