import { equal, match, ok } from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { run } from '@karvdash/local/command'
import { activate, fillSignIn, picture, signUp } from './acts.ts'
import type { Story } from './story.ts'

/** Story 2: sign up, wait, be activated, sign in; namespace and folders exist before the button stops spinning. */
export const join: Story = {
  number: 2,
  title: 'Join',
  async play(system, { alice }) {
    const page = await signUp(system, alice)
    await picture(page, '2-wait')
    await page.getByRole('link', { name: 'Back to sign in' }).click()
    await fillSignIn(page, alice)
    await page.getByText('This user is not active').waitFor()
    const admin = await activate(system, alice)
    await picture(admin, '2-users')
    const folder = await stat(system.folder('local', alice.username))
    equal(folder.mode & 0o7777, 0o2770)
    match(
      await run('getfacl', ['--absolute-names', '--numeric', system.folder('local', alice.username)]),
      new RegExp(`default:group:${folder.gid}:rwx`),
    )
    ok(await system.kubectl('get', 'serviceaccount', 'default', '-n', `karvdash-${alice.username}`))
    await fillSignIn(page, alice)
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    await picture(page, '2-signed-in')
    await Promise.all([page.context().close(), admin.context().close()])
  },
}
