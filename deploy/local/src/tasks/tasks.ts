import { bench } from './bench.ts'
import { build, bundle, lint } from './build.ts'
import { dev } from './dev.ts'
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

const [name = '', ...args] = process.argv.slice(2)
const task = tasks[name]
if (!task) {
  console.error(`There is no task "${name}". There are: ${Object.keys(tasks).join(', ')}`)
  process.exit(2)
}
process.exitCode = await task(args).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 1
})
