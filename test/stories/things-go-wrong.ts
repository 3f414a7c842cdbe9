import { equal, match } from 'node:assert/strict'
import { contract } from '@karvdash/common'
import { clientOf, until } from '../support/system.ts'
import { inState, launch, picture, remove, signedIn } from './acts.ts'
import { uploadThatIsInterrupted } from './interrupted-upload.ts'
import type { Story } from './story.ts'

/** Story 11, as far as it exists: a backend that is killed in the middle of a launch and of an upload, a quota, bad input; all of it said. */
export const thingsGoWrong: Story = {
  number: 11,
  title: 'Things go wrong, and say so',
  async play(system, { alice }) {
    const page = await signedIn(system, alice)
    const namespace = `karvdash-${alice.username}`
    await page.getByRole('link', { name: 'Launch Hello' }).click()
    await page.getByLabel('Replicas').fill('7')
    await page.getByRole('button', { name: 'Launch' }).click()
    await page
      .getByText(/whole number from 1 to 3/)
      .last()
      .waitFor()
    await picture(page, '11-bad-input')

    await system.kubectl('create', 'quota', 'tight', '--hard=limits.memory=1Mi,limits.cpu=1m', '-n', namespace)
    const refused = await launch(page, 'Hello')
    await inState(page, refused, 'Failed')
    match((await page.locator(`[data-service="${refused}"] .reason`).textContent()) ?? '', /quota/)
    await picture(page, '11-quota')
    await system.kubectl('delete', 'quota', 'tight', '-n', namespace)
    await remove(page, refused)

    const client = clientOf(system, alice)
    const launched = client.call(contract.launchService, { body: { template: 'hello', name: 'survivor' } }).catch(() => undefined)
    await system.kubectl(
      'delete',
      'pod',
      '-n',
      'karvdash',
      '-l',
      'app.kubernetes.io/component=backend',
      '--grace-period=0',
      '--force',
    )
    await launched
    await until('the new backend', async () => (await system.fetch(`${system.url}/api/version`)).status === 200)
    const services = (await client.call(contract.listServices)).items.filter(({ name }) => name === 'survivor')
    if (services.length > 0) {
      await until('the launch that was interrupted', async () => {
        const { state } = await client.call(contract.getService, { params: { service: 'survivor' } })
        return state === 'Running' || state === 'Failed'
      })
      await client.call(contract.deleteService, { params: { service: 'survivor' } })
    }
    await uploadThatIsInterrupted(system, page, alice)
    equal(await page.getByRole('alert').filter({ hasText: 'undefined' }).count(), 0)
    await page.context().close()
  },
}
