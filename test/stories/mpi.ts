import { deepEqual } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../support/system.ts'
import { inState, launch, picture, remove, signedIn } from './acts.ts'
import type { Story } from './story.ts'

/** Story 8: a cluster of three nodes, and a program on all of them from a terminal, with no list of hosts written by hand. */
export const mpi: Story = {
  number: 8,
  title: 'MPI',
  async play(system, { alice }) {
    const page = await signedIn(system, alice)
    const name = await launch(page, 'MPI cluster', async (form) => {
      await form.getByLabel('Nodes').fill('3')
      await form.getByLabel('Slots on each node').fill('2')
      await form.getByLabel('Size of each node').selectOption('Own amounts')
      await form.getByLabel('Memory of each node').fill('256Mi')
    })
    await inState(page, name, 'Running', 60_000)
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('link', { name: 'Terminal', exact: true }).click()
    await page.getByText(`A shell in node of ${name}-0.`).waitFor()
    await page.keyboard.type('mpirun hostname | tee hosts.txt\n')
    const file = join(system.folder('local', alice.username), 'hosts.txt')
    const hosts = await until('six lines', async () => {
      const lines = (await readFile(file, 'utf8')).trim().split('\n').sort()
      return lines.length === 6 && lines
    })
    deepEqual(
      hosts,
      [0, 0, 1, 1, 2, 2].map((node) => `${name}-${node}`),
    )
    await page.locator('.xterm-rows').getByText(`${name}-2`).first().waitFor()
    await picture(page, '8-terminal')
    await page.getByRole('link', { name: 'Services' }).click()
    await remove(page, name)
    await page.context().close()
  },
}
