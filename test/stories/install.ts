import { equal } from 'node:assert/strict'
import { picture } from './acts.ts'
import type { Story } from './story.ts'

/** Story 1: at the end of the installation stands one address, and the first admin's password. */
export const install: Story = {
  number: 1,
  title: 'Install',
  async play(system) {
    const page = await system.window()
    await page.goto(system.url)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await picture(page, '1-sign-in')
    const answer = await system.fetch(`${system.url}/api/version`)
    equal(answer.status, 200)
    await page.context().close()
  },
}
