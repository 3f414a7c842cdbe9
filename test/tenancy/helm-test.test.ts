import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { openSystem, type System } from '../support/system.ts'

let system: System

beforeAll(async () => {
  system = await openSystem()
})
afterAll(() => system?.close())

test('helm test says that this node enforces no network policies, as its bridge does not, and what that means', async () => {
  const args = ['test', 'karvdash', '-n', 'karvdash', '--filter', 'name=karvdash-test-network', '--timeout=1m']
  await expect(run(await binary('helm'), args, { env: { KUBECONFIG: system.node.kubeconfig } })).rejects.toThrow()
  const told = await system.kubectl('logs', '-n', 'karvdash', 'karvdash-test-network')
  expect(told).toContain('does not enforce network policies')
  await system.kubectl('delete', 'pod', '-n', 'karvdash', 'karvdash-test-network')
})
