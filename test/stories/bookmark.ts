import { equal, match } from 'node:assert/strict'
import { activeUser, basic } from '../support/system.ts'
import { fillSignIn, picture, signedIn } from './acts.ts'
import type { Story } from './story.ts'

/** Story 4: the bookmarked address asks for a sign-in once and takes people there; others are refused kindly; curl works. */
export const bookmark: Story = {
  number: 4,
  title: 'Bookmark',
  async play(system, { alice, bob }) {
    const address = `${system.serviceUrl('jupyterlab', alice.username)}/lab`
    const morning = await system.window()
    await morning.goto(address)
    await fillSignIn(morning, alice)
    await morning.locator('.jp-Launcher, .jp-NotebookPanel').first().waitFor()
    equal(new URL(morning.url()).origin, system.serviceUrl('jupyterlab', alice.username))

    Object.assign(bob, await activeUser(system, bob.username))
    const other = await signedIn(system, bob)
    await other.goto(address)
    await other.getByRole('heading', { name: 'Not your service' }).waitFor()
    await picture(other, '4-refused')

    const curl = await system.fetch(`${system.serviceUrl('jupyterlab', alice.username)}/api/status`, { headers: basic(alice) })
    equal(curl.status, 200)
    match(await curl.text(), /kernels/)
    const foreign = await system.fetch(address, { headers: basic(bob) })
    equal(foreign.status, 403)
    await Promise.all([morning.context().close(), other.context().close()])
  },
}
