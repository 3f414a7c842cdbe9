import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binary } from '../binaries.ts'
import { requirePackages, requirePython } from '../prerequisites.ts'
import { say, step } from '../progress.ts'
import { isRoot } from '../root.ts'
import { build, lint } from './build.ts'
import { bin, root, runHere, runNode } from './process.ts'
import { startTestNode } from './test-node.ts'

/** A folder of tests, as jest.config.mjs names it. */
type Suite = 'unit' | 'integration' | 'tenancy' | 'e2e' | 'long'

/** How many tests passed and failed. */
interface Count {
  passed: number
  failed: number
}

/** Each file of the integration tests starts parts of its own, and waits for them more than it computes; files on one node take turns. */
const workersOf: Record<Suite, string[]> = {
  unit: [],
  integration: ['--maxWorkers=2'],
  tenancy: ['--runInBand'],
  e2e: ['--runInBand'],
  long: ['--runInBand'],
}

/** A suite that takes far longer than it ever should hangs: it is ended, so that what follows still tells what it has to. */
const mostMinutes: Record<Suite, number> = { unit: 10, integration: 20, tenancy: 15, e2e: 25, long: 180 }

/** All of it, the first time on a new machine. */
const mostMinutesInAll = 85

const broken: Count = { passed: 0, failed: 1 }
const suites: Suite[] = ['integration', 'tenancy', 'e2e']

/** Everything that CI runs: what needs no cluster runs beside the builds of what the others need. */
export async function test(): Promise<number> {
  setTimeout(() => {
    say(`Ended after ${mostMinutesInAll} minutes: what was told of last hangs.`)
    process.exit(1)
  }, mostMinutesInAll * 60_000).unref()
  await step('Packages', installPackages)
  const prepared = step('Compiling the cluster (minutes, once)', compileCluster).then(
    () => true,
    (error: unknown) => {
      say(error instanceof Error ? error.message : String(error))
      return false
    },
  )
  const counts = [
    await checked('lint', lint),
    await checked('build', build),
    await serverPart(),
    ...(await runSuites(['unit'], [])),
  ]
  counts.push(...((await prepared) ? await runSuites(suites, []) : [broken]))
  return tell(counts)
}

/** Runs one suite alone; further arguments are jest's. */
export function testSuite(suite: Suite): (args: string[]) => Promise<number> {
  return async (args) => {
    if (suite !== 'unit' || isRoot()) await installPackages()
    if (suite !== 'unit') await compileCluster()
    if (needsNode(suite) && (await build()) !== 0) return 1
    return tell(await runSuites([suite], args))
  }
}

function tell(counts: Count[]): number {
  const total = counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }))
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

function needsNode(suite: Suite): boolean {
  return suite === 'tenancy' || suite === 'e2e' || suite === 'long'
}

async function installPackages(): Promise<void> {
  await requirePackages()
  await requirePackages({
    chromium: 'chromium',
    nginx: 'nginx',
    '/usr/share/doc/libnginx-mod-http-set-misc': 'libnginx-mod-http-set-misc',
  })
  await requirePython()
}

async function compileCluster(): Promise<void> {
  // One after the other: each build uses all cores by itself.
  for (const name of ['kubernetes', 'helm', 'coredns', 'traefik'] as const) await binary(name)
}

async function checked(title: string, check: () => Promise<number>): Promise<Count> {
  const code = await step(title, check)
  return code === 0 ? { passed: 1, failed: 0 } : broken
}

/** pytest's tests of the JupyterLab extension's server part. */
async function serverPart(): Promise<Count> {
  return inScratch(async (folder) => {
    const report = join(folder, 'pytest.xml')
    await step('server part tests', () =>
      runHere(process.execPath, [join(root, 'jupyterlab-ext/run-pytest.mjs'), `--junitxml=${report}`]),
    )
    const told = await readFile(report, 'utf8').catch(() => '')
    const number = (name: string): number =>
      Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(told)?.[1] ?? Number.NaN)
    const failed = number('failures') + number('errors')
    return Number.isNaN(failed) ? broken : { passed: number('tests') - number('skipped') - failed, failed }
  })
}

/** Runs suites one after the other; those that need pods share one node. */
async function runSuites(wanted: Suite[], args: string[]): Promise<Count[]> {
  const counts: Count[] = []
  for (const suite of wanted.filter((suite) => !needsNode(suite))) counts.push(await runSuite(suite, args, {}))
  const onNode = wanted.filter(needsNode)
  if (onNode.length === 0) return counts
  const node = await startTestNode()
  try {
    for (const suite of onNode) counts.push(await runSuite(suite, args, node.environment))
  } finally {
    await node.stop()
  }
  return counts
}

async function runSuite(suite: Suite, args: string[], environment: Record<string, string>): Promise<Count> {
  return inScratch(async (folder) => {
    const results = join(folder, 'results.json')
    // What a test that failed leaves behind must not keep what all of them say from being told.
    const flags = ['--forceExit', '--selectProjects', suite, '--json', `--outputFile=${results}`, ...workersOf[suite]]
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest'), ...flags, ...args]
    await step(`${suite} tests`, () => runNode(jest, { environment, limitMs: mostMinutes[suite] * 60_000 }))
    const told = JSON.parse(await readFile(results, 'utf8').catch(() => '{}')) as Record<string, number | undefined>
    // A file that cannot even be loaded has no tests to count: it counts as one that failed.
    const { numPassedTests: passed = 0, numFailedTests: failed = 1, numRuntimeErrorTestSuites: unloadable = 0 } = told
    return { passed, failed: failed + unloadable }
  })
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-results-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
