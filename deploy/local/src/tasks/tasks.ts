import { isRoot, runAgainAsRoot } from '../root.ts'
import { bench } from './bench.ts'
import { build, bundle, lint } from './build.ts'
import { dev } from './dev.ts'
import { doctor } from './doctor.ts'
import { runNode } from './process.ts'
import { story } from './story.ts'
import { test, testSuite } from './test.ts'

type Task = (args: string[]) => Promise<number>

const cluster =
  (command: string): Task =>
  (args) =>
    runNode([new URL('../main.ts', import.meta.url).pathname, command, ...args])

const tasks: Record<string, Task> = {
  start: async (args) => (await bundle()) || cluster('start')(args),
  stop: cluster('stop'),
  reset: cluster('reset'),
  status: cluster('status'),
  doctor,
  dev,
  build,
  lint,
  test,
  'test:unit': testSuite('unit'),
  'test:integration': testSuite('integration'),
  'test:e2e': testSuite('e2e'),
  'test:tenancy': testSuite('tenancy'),
  'test:long': testSuite('long'),
  story,
  bench,
}

/** What starts clusters, or gives files to users. */
const needRoot = new Set(['dev', 'story', 'test', 'test:integration', 'test:e2e', 'test:tenancy', 'test:long', 'bench'])

const [name = '', ...args] = process.argv.slice(2)
const task = tasks[name]
if (!task) {
  console.error(`There is no task "${name}". There are: ${Object.keys(tasks).join(', ')}`)
  process.exit(2)
}
if (needRoot.has(name) && !isRoot()) await runAgainAsRoot()
const code = await task(args).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
// Not when nothing is open any more: whoever waits for a task waits for what it was to do, not for a connection that was kept.
process.exit(code)
