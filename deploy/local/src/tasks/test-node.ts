import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installKarvdash } from '../install.ts'
import { startNode } from '../node.ts'
import { step } from '../progress.ts'

/** How tests find the node that was started for them. */
export interface TestNode {
  environment: Record<string, string>
  stop: () => Promise<void>
}

/** Starts a node for tests alone, with Karvdash installed on it as an administrator would. */
export async function startTestNode(): Promise<TestNode> {
  const name = `test${process.pid}`
  const folder = await mkdtemp(join(tmpdir(), 'karvdash-node-'))
  const node = await step('Starting a node for the tests', () =>
    startNode({ name, folder, serviceDomain: 'karvdash-services.localhost', durable: false }),
  )
  const stop = () => step('Stopping the node of the tests', () => node.stop({ forget: true }))
  try {
    // What one replica remembers, the other has to know.
    await installKarvdash(node, { replicas: 2, serviceDomain: node.domain })
  } catch (error) {
    await stop()
    throw error
  }
  return { environment: { KARVDASH_TEST_INSTANCE: name, KARVDASH_TEST_FOLDER: folder }, stop }
}
