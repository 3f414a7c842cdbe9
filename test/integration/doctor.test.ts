import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { home, object } from '../support/attacks/asks.ts'
import { type Ground, startGround } from '../support/attacks/ground.ts'
import { placeOld } from '../support/attacks/old.ts'
import { signIn, visitor } from '../support/people.ts'
import { launch } from '../support/services.ts'

const program = fileURLToPath(new URL('../../backend/src/doctor/main.ts', import.meta.url))
let ground: Ground

beforeAll(async () => {
  ground = await startGround('doctor')
  const { cluster, backend } = ground
  await launch(await signIn(visitor(backend, 'mallory')), { template: 'hello' })
  // Where the doctor reads the configuration; nothing runs here.
  const env = Object.entries(cluster.settings).map(([name, value]) => ({ name, value }))
  const spec = {
    selector: { matchLabels: { app: 'x' } },
    template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'backend', image: 'x', env }] } },
  }
  await cluster.create(object('apps/v1', 'Deployment', 'karvdash', { metadata: { namespace: 'karvdash' }, spec }))
}, 60_000)
afterAll(() => ground?.stop())

/** Runs the program as `npm run doctor` does; gives its lines and its exit code. */
function doctor(): Promise<{ code: unknown; lines: string[]; errors: string }> {
  const args = ['--conditions=source', '--disable-warning=ExperimentalWarning', program]
  const env = { ...process.env, KUBECONFIG: ground.cluster.plane.kubeconfig }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, output, errors) =>
      resolve({ code: error ? error.code : 0, lines: output.trim().split('\n'), errors }),
    )
  })
}

test('the doctor finds nothing where all is well', async () => {
  expect(await doctor()).toEqual({ code: 0, lines: ['Nothing is wrong in users’ namespaces.'], errors: '' })
})

test('the doctor finds what came in before the rules, and what has gone since', async () => {
  const { cluster, backend } = ground
  await placeOld(ground)
  // Else it would put it back at once.
  await backend.kill()
  await cluster.kubectl('delete', 'mutatingwebhookconfiguration', 'karvdash')
  await cluster.kubectl('delete', 'limitrange', 'karvdash', '-n', home)
  await cluster.kubectl('label', 'namespace', 'karvdash-alice', 'karvdash.io/user=mallory', '--overwrite')
  expect(await doctor()).toEqual({
    code: 1,
    errors: '',
    lines: [
      'karvdash-alice  Namespace karvdash-alice: It was changed.',
      `${home}  LimitRange karvdash: It is missing.`,
      expect.stringContaining(`${home}  Pod old: `),
      `${home}  Service old: A Service cannot have externalIPs.`,
      expect.stringContaining(`${home}  PersistentVolumeClaim old: A claim has a storage class`),
      expect.stringContaining(`${home}  Ingress old: `),
      '6 findings',
    ],
  })
})
