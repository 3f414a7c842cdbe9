import { beforeAll, expect, test } from '@jest/globals'
import { leaveEndedPod } from '../../support/idle.ts'
import { launch } from '../../support/services.ts'
import { until } from '../../support/until.ts'
import { countInterruptions, type Workbench } from '../../support/workbench.ts'
import type { OwnEditor } from './own-editor.ts'

/** Services: launched, updated and deleted. */
export function testServices(of: () => OwnEditor): void {
  let own: OwnEditor
  let window: Workbench
  beforeAll(() => {
    own = of()
    window = own.window
  })

  test('asks the questions of a template one by one, and launches', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="Karvdash"]').click()
    await window.picture('vscode-no-services')
    await window.command('Karvdash: Launch Service')
    await window.choose('Hello')
    await window.answer('Name', 'Not A Name')
    await window.page.locator('.quick-input-message', { hasText: 'lower-case' }).waitFor()
    await window.answer('Name', 'greeter')
    await window.answer('Greeting')
    await window.answer('Replicas', '7')
    await window.page.locator('.quick-input-message', { hasText: 'whole number from 1 to 3' }).waitFor()
    await window.picture('vscode-launch-question')
    await window.answer('Replicas', '1')
    await window.row('greeter').waitFor()
    await window.picture('vscode-services')
    expect((await own.bob.send('GET', '/api/services/greeter')).status).toBe(200)
  })

  test('asks for new values with those that a service has, shows what would change, and changes that', async () => {
    await window.command('Karvdash: Update Service…')
    await window.choose('greeter')
    await window.answer('Update greeter: Greeting', 'Good evening!')
    await window.answer('Update greeter: Replicas')
    await window.page.locator('.quick-input-title', { hasText: 'What changes' }).waitFor()
    await own.text().getByText('Good evening!').waitFor()
    await window.picture('vscode-update')
    await window.choose('Change this object')
    const greeting = async () => (await own.bob.send('GET', '/api/services/greeter/launch')).body
    await until(async () => JSON.stringify(await greeting()).includes('Good evening!'))
  })

  test('says what goes with a service before it is deleted', async () => {
    await window.menu(window.row('greeter'), 'Delete Service')
    await window.page.locator('.monaco-dialog-box').getByText('1 ConfigMap').waitFor()
    await window.picture('vscode-delete')
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click()
    await window.row('greeter').waitFor({ state: 'detached' })
    expect((await own.bob.send('GET', '/api/services/greeter')).status).toBe(404)
  })

  test('warns once of a service that is about to be stopped since nobody uses it, and keeps it', async () => {
    const toasts = await countInterruptions(window.page)
    await launch(own.bob, { template: 'hello', name: 'forgotten' })
    await leaveEndedPod(own.cluster, { user: 'bob', service: 'forgotten' })
    const warning = window.notification('forgotten: Nothing used it since')
    // After a while it goes by itself: under the pointer it stays.
    await warning.hover()
    await window.picture('vscode-idle')
    // The service is told of again, for another reason: without a pod it is not judged, and the warning stands.
    await own.cluster.kubectl('delete', 'pod', 'forgotten', '-n', 'karvdash-bob', '--grace-period=0', '--force')
    await window.row('forgotten, Failed').waitFor({ state: 'detached' })
    await warning.getByRole('button', { name: 'Keep Running' }).click()
    const shown = async () => (await own.bob.send('GET', '/api/services/forgotten')).text
    await until(async () => !(await shown()).includes('"idle"'))
    await warning.waitFor({ state: 'detached' })
    expect((await toasts()).toasts).toBe(1)
    await own.bob.send('DELETE', '/api/services/forgotten')
    await window.row('forgotten').waitFor({ state: 'detached' })
  })
}
