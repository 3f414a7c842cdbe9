import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { dockerEntries, tarOf } from '@karvdash/backend/registry/archive/make-archive'
import { awaitAddition, contract } from '@karvdash/common'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { inState, launch, picture, remove, signedIn } from '../stories/acts.ts'
import { complaintsOfAxe, overflowOf } from '../support/axe.ts'
import { activeUser, clientOf, openSystem, type System, until } from '../support/system.ts'

type Player = System['admin']

let system: System
let alice: Player
let bob: Player

beforeAll(async () => {
  system = await openSystem()
  // Names that nobody has yet: the instance may have been played on.
  const run = Date.now().toString(36)
  alice = await activeUser(system, `pagealice${run}`)
  bob = await activeUser(system, `pagebob${run}`)
  const [hers, his] = [clientOf(system, alice), clientOf(system, bob)]
  await hers.call(contract.changeProfile, { body: { displayName: 'Alice Liddell' } })
  await hers.call(contract.createToken, { body: { name: 'laptop', scopes: ['files', 'read-only'] } })
  await hers.call(contract.launchService, { body: { template: 'hello' } })
  await his.call(contract.launchService, { body: { template: 'hello', name: 'greeter' } })
  await his.call(contract.shareService, { params: { service: 'greeter', user: alice.username }, body: {} })
  const archive = tarOf(dockerEntries([{ names: ['tool:1'], layers: [Buffer.from('a layer')] }]))
  await writeFile(join(system.folder('local', alice.username), 'tool.tar'), archive)
  const adding = await hers.call(contract.addImage, {
    body: { from: { domain: 'local', path: 'tool.tar' }, overwrite: false, removeFile: true },
  })
  await awaitAddition(hers, adding.id, { signal: AbortSignal.timeout(30_000), onChange: () => undefined })
}, 60_000)
afterAll(() => system?.close())

const newCode = async () => {
  const body = new URLSearchParams({ client_id: 'karvdash-vscode', machine: 'alices laptop' })
  const answer = await system.fetch(`${system.url}/oauth/device_authorization`, { method: 'POST', body })
  return ((await answer.json()) as { user_code: string }).user_code
}
const goTo = async (page: Page, hash: string, seen: Locator) => {
  await page.goto(`${system.url}/#/${hash}`)
  await seen.waitFor()
}

describe.each<[string, BrowserContextOptions]>([
  ['on a wide screen, light', { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }],
  ['on a wide screen, dark', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  ['on a phone, light', { viewport: { width: 360, height: 740 }, colorScheme: 'light' }],
  ['on a phone, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
])('%s, axe finds nothing and nothing is wider than the window', (where, options) => {
  const slug = where.replace(/\W+/g, '-')
  const look = async (page: Page, name: string) => {
    await picture(page, `page-${name}-${slug}`)
    expect({ name, complaints: await complaintsOfAxe(page), overflow: await overflowOf(page) }).toEqual({
      name,
      complaints: [],
      overflow: 0,
    })
  }

  test('before signing in', async () => {
    const page = await system.window(options)
    await goTo(page, '', page.getByLabel('Username'))
    await look(page, 'sign-in')
    await goTo(page, 'sign-up', page.getByLabel('Email'))
    await page.getByRole('button', { name: 'Sign up' }).click()
    await look(page, 'sign-up')
    await goTo(page, 'password?code=x', page.getByLabel('New password'))
    await look(page, 'password')
    await page.context().close()
  })

  test('for a user', async () => {
    const page = await signedIn(system, alice, options)
    await page.getByRole('heading', { name: 'Shared with you' }).waitFor()
    await look(page, 'services')
    await page.getByRole('button', { name: 'Share hello' }).click()
    await look(page, 'share')
    await page.getByRole('button', { name: 'Close' }).click()
    await goTo(page, 'launch/jupyterlab', page.getByLabel('Size'))
    await look(page, 'launch')
    await goTo(page, 'images', page.getByRole('link', { name: `${alice.username}/tool` }))
    await look(page, 'images')
    await goTo(page, `images/${alice.username}/tool`, page.getByText('linux/amd64'))
    await look(page, 'image-tags')
    await page.getByRole('button', { name: 'Launch with 1' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'MPI cluster' }).waitFor()
    await look(page, 'launch-with')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await goTo(page, 'account', page.getByRole('button', { name: 'Revoke laptop' }))
    await page.getByText('This one').waitFor()
    await look(page, 'account')
    await goTo(page, 'connect', page.getByRole('heading', { name: 'Connect your editor' }))
    await look(page, 'connect')
    await goTo(page, 'connect-editor', page.getByLabel('Code'))
    await look(page, 'code')
    await goTo(page, `connect-editor?code=${await newCode()}`, page.getByRole('button', { name: 'Approve' }))
    await look(page, 'consent')
    await goTo(page, 'refused', page.getByRole('heading', { name: 'Not your service' }))
    await look(page, 'refused')
    await page.context().close()
  })

  test('for an administrator, and for one who acts as somebody', async () => {
    const page = await signedIn(system, system.admin, options)
    await goTo(page, 'audit', page.locator('.audit li').first())
    await look(page, 'audit')
    await goTo(page, 'templates?home=platform', page.getByRole('button', { name: 'Groups and order …' }))
    await page.getByRole('button', { name: 'Groups and order …' }).click()
    await page.getByRole('button', { name: 'Move Kafka down' }).waitFor()
    await look(page, 'template-groups')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await goTo(page, 'platform', page.getByRole('link', { name: 'Download all as CSV' }))
    await page.getByText('Ready', { exact: true }).first().waitFor()
    await look(page, 'platform')
    await goTo(page, 'users', page.getByLabel('Search'))
    await page.getByRole('button', { name: 'Invite' }).click()
    await look(page, 'invite')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Search').fill(alice.username)
    await page.getByRole('button', { name: `Manage ${alice.username}` }).click()
    await look(page, 'users')
    await page.getByRole('button', { name: `Delete: ${alice.username}` }).click()
    await page.getByRole('button', { name: `Delete ${alice.username}` }).click()
    await page.getByText('Choose what is to become of the files.').waitFor()
    await look(page, 'delete')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: `Act as: ${alice.username}` }).click()
    await look(page, 'question')
    await page.getByRole('button', { name: 'Act as', exact: false }).last().click()
    await page.getByText('You act as').waitFor()
    await page.locator('[data-service="hello"]').waitFor()
    await look(page, 'acting')
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('link', { name: 'Users' }).waitFor()
    await page.context().close()
  })
})

test('what an administrator tells everybody stands on every screen, also before signing in, until it is taken back', async () => {
  const admin = await signedIn(system, system.admin)
  const tell = async (text: string, answer: string) => {
    await goTo(admin, 'platform', admin.getByLabel('Text'))
    await admin.getByLabel('Text').fill(text)
    await admin.getByRole('button', { name: 'Save' }).click()
    await admin.getByText(answer, { exact: true }).waitFor()
  }
  const news = '<b>Away</b> on Monday from 8 to 10.'
  await tell(news, 'Everybody is told.')
  await admin.getByRole('complementary').getByText(news).waitFor()
  const page = await system.window()
  await page.goto(system.url)
  await page.getByRole('complementary').getByText(news).waitFor()
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'page-notice')
  await tell('', 'Nobody is told anything.')
  await until('nobody to be told', async () => {
    await page.reload()
    await page.getByLabel('Username').waitFor()
    return (await page.getByRole('complementary').count()) === 0
  })
  await Promise.all([page.context().close(), admin.context().close()])
})

test('a service is stopped after asking, and resumed', async () => {
  const page = await signedIn(system, alice)
  const name = await launch(page, 'Hello')
  await inState(page, name, 'Running')
  await page.getByRole('button', { name: `Stop ${name}` }).click()
  await page.getByRole('alertdialog').getByText('what is not saved is lost').waitFor()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click()
  await inState(page, name, 'Stopped')
  expect(await complaintsOfAxe(page)).toEqual([])
  await picture(page, 'page-stopped')
  await page.getByRole('button', { name: `Resume ${name}` }).click()
  await inState(page, name, 'Running')
  await remove(page, name)
  await page.context().close()
})

test('what each user has can be taken along as a file', async () => {
  const page = await signedIn(system, system.admin)
  await goTo(page, 'platform', page.getByRole('rowheader', { name: alice.username }))
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download all as CSV' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
  expect(lines[0]).toMatch(/^user,active,services,/)
  expect(lines.find((line) => line.startsWith(`${alice.username},`))).toMatch(/,yes,1,/)
  await page.context().close()
})

describe('where an institute signs people in', () => {
  /** An installation with a provider, as far as the page sees of it. */
  const openWindow = async () => {
    const page = await system.window()
    const external = { label: 'Sign in with your institute' }
    await page.route('**/api/sign-in', (route) => route.fulfill({ json: { external } }))
    return page
  }

  test('the way there brings people back to what they wanted', async () => {
    const page = await openWindow()
    await page.route('**/sign-in/external', async (route) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await system.fetch(`${system.url}/api/session`, { method: 'POST', headers, body: JSON.stringify(alice) })
      expect(answer.status).toBe(200)
      await route.fulfill({ status: 302, headers: { location: '/', 'set-cookie': answer.headers.get('set-cookie') ?? '' } })
    })
    await page.goto(`${system.url}/#/connect-editor?code=${await newCode()}`)
    await page.getByRole('link', { name: 'Sign in with your institute' }).waitFor()
    expect(await complaintsOfAxe(page)).toEqual([])
    await picture(page, 'page-institute')
    await page.getByRole('link', { name: 'Sign in with your institute' }).click()
    await page.getByRole('button', { name: 'Approve' }).waitFor()
    await page.context().close()
  })

  test('whom it does not let in is told why', async () => {
    const page = await openWindow()
    await page.goto(`${system.url}/#/external?why=taken`)
    await page.getByText('Ask an administrator to link you').waitFor()
    await page.context().close()
  })
})
