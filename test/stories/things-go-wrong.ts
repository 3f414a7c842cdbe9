import { equal, match } from 'node:assert/strict'
import { contract } from '@karvdash/common'
import type { Page } from 'playwright-core'
import { clientOf, type System, until } from '../support/system.ts'
import { inState, launch, picture, remove, signedIn } from './acts.ts'
import { uploadThatIsInterrupted } from './interrupted-upload.ts'
import type { Player, Story } from './story.ts'

/** Story 11: bad input, a quota, a typo, a crash, too much memory, a backend that is killed in the middle of a launch and of an upload; all of it said. */
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

    await saysWhatIsWrong(system, page, alice)

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
    // The one that is killed may answer a last time.
    const { items } = await until('the new backend', () => client.call(contract.listServices))
    const services = items.filter(({ name }) => name === 'survivor')
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

/** A program that ends at once, and says why. */
const crasher = `apiVersion: karvdash.io/v1
kind: Template
id: crasher
name: Crasher
description: Ends.
---
apiVersion: v1
kind: Pod
metadata: {name: '{{service.name}}'}
spec:
  containers:
    - name: main
      image: docker.io/library/debian:bookworm-slim
      command: [sh, -c, 'echo There is no data in /local/data; exit 3']
      resources: {limits: {memory: 16Mi}}
`

/** A typo in the name of an image, a crash, and more memory than there may be: each is told on the page with what it is about. */
async function saysWhatIsWrong(system: System, page: Page, alice: Player): Promise<void> {
  const reasonOf = (service: string) => page.locator(`[data-service="${service}"] .reason`)
  await clientOf(system, alice).call(contract.createTemplate, { body: { source: crasher } })
  await page.reload()
  const mistyped = await launch(page, 'MPI cluster', async (form) => {
    await form.getByLabel('Nodes').fill('1')
    await form.getByText('Advanced').click()
    await form.getByLabel('Image', { exact: true }).fill('docker.io/mpioperator/openmpy:v0.6.0')
  })
  const crashed = await launch(page, 'Crasher')
  for (const service of [mistyped, crashed]) await inState(page, service, 'Failed')
  match((await reasonOf(mistyped).textContent()) ?? '', /openmpy:v0\.6\.0/)
  await page.getByRole('link', { name: crashed, exact: true }).click()
  await page.getByText('There is no data in /local/data').first().waitFor()
  await picture(page, '11-crash')
  await page.getByRole('link', { name: 'Services' }).click()
  for (const service of [mistyped, crashed]) await remove(page, service)

  const admin = clientOf(system, system.admin)
  const quota = (amount: string | null) =>
    admin.call(contract.changeUser, { params: { user: alice.username }, body: { quota: { 'limits.memory': amount } } })
  await quota('8Gi')
  await page.getByRole('link', { name: 'Launch JupyterLab' }).click()
  await page.getByLabel('Size').selectOption('Own amounts')
  await page.getByLabel('Memory').fill('9Gi')
  await page.getByRole('button', { name: 'Launch', exact: true }).click()
  await page
    .getByText(/your quota is 8Gi/)
    .first()
    .waitFor()
  await picture(page, '11-too-much')
  await quota(null)
  await page.getByRole('link', { name: 'Services' }).click()
}
