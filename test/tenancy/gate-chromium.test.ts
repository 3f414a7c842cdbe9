import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { htpasswdObject, ingressObject, passwordEntrance } from '@karvdash/backend/exposure/objects'
import { contract } from '@karvdash/common'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { helmUpgrade } from '@karvdash/local/install'
import type { BrowserContext, Page } from 'playwright-core'
import { fillSignIn, picture } from '../stories/acts.ts'
import { complaintsOfAxe } from '../support/axe.ts'
import { activeUser, basic, clientOf, openSystem, reached, type System, until } from '../support/system.ts'
import { startTrustingChromium, type TrustingChromium } from '../support/trusting-chromium.ts'

type Player = System['admin']

const started = Date.now().toString(36)
let system: System
let chromium: TrustingChromium
let alice: Player
let bob: Player

beforeAll(async () => {
  system = await openSystem()
  alice = await activeUser(system, `ga${started}`)
  bob = await activeUser(system, `gb${started}`)
  await Promise.all([launched(alice, 'jupyterlab'), launched(alice, 'hello')])
  // It trusts the certificate as people's browsers do: one that overlooks faults obeys no Clear-Site-Data.
  chromium = await startTrustingChromium(system.node.caFile)
}, 120_000)
afterAll(async () => {
  await chromium?.close()
  await system?.close()
})

/** Changes the installation; comes back when no replica is left that is as before. */
async function upgrade(values: object): Promise<void> {
  await helmUpgrade(system.node, values)
  const deployment = ['get', 'deployment', 'karvdash', '-n', 'karvdash', '-o', 'jsonpath={.spec.replicas}']
  const wanted = Number(await system.kubectl(...deployment))
  const pods = ['get', 'pods', '-n', 'karvdash', '-l', 'app.kubernetes.io/component=backend', '-o', 'name']
  await until('the former replicas', async () => (await system.kubectl(...pods)).trim().split('\n').length === wanted)
}

/** Launches a service; gives where it answers. */
async function launched(player: Player, template: string): Promise<string> {
  const client = clientOf(system, player)
  const { name } = await client.call(contract.launchService, { body: { template } })
  const running = await until(template, async () => {
    const service = await client.call(contract.getService, { params: { service: name } })
    return service.state === 'Running' && service
  })
  const { origin } = new URL(running.url ?? '')
  await reached(system, origin, player)
  return origin
}

const windowOf = async () => {
  const context = await chromium.browser.newContext()
  context.setDefaultTimeout(30_000)
  return context
}

/** Opens a page of a service in a browser that nobody is signed in with, and signs in on the way. */
async function entered(context: BrowserContext, player: Player, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await fillSignIn(page, player)
  await page.waitForURL(`${address}**`)
  return page
}

declare global {
  var opened: WebSocket
}

/** Opens a WebSocket from a page to its service, and keeps it there. */
const openSocket = (page: Page) =>
  page.evaluate(async () => {
    globalThis.opened = new WebSocket(`wss://${location.host}/api/events/subscribe`)
    return new Promise<boolean>((resolve) => {
      globalThis.opened.onopen = () => resolve(true)
      globalThis.opened.onerror = () => resolve(false)
    })
  })
const isOpen = (page: Page) => page.evaluate(() => globalThis.opened.readyState === WebSocket.OPEN)

/** Sets as many cookies for a whole site as a browser keeps. */
function plant(domain: string): void {
  for (let n = 0; n < 150; n++)
    // biome-ignore lint/suspicious/noDocumentCookie: what the attack does
    document.cookie = `planted${n}=${'x'.repeat(4000)}; Domain=${domain}; Path=/; Secure; Max-Age=99999`
}

describe('below the dashboard’s own domain', () => {
  test('a browser is signed in on its way to a service, and its WebSocket works', async () => {
    const page = await entered(await windowOf(), alice, `${system.serviceUrl('jupyterlab', alice.username)}/lab`)
    expect(await openSocket(page)).toBe(true)
    await page.context().close()
  }, 60_000)

  test('after signing out no WebSocket is opened; one that is open goes on, which the controller does not ask about again', async () => {
    const page = await entered(await windowOf(), alice, `${system.serviceUrl('jupyterlab', alice.username)}/lab`)
    expect(await openSocket(page)).toBe(true)
    const dashboard = await page.context().newPage()
    await dashboard.goto(system.url)
    await dashboard.getByRole('button', { name: 'Sign out' }).click()
    await dashboard.getByLabel('Username').waitFor()
    expect(await isOpen(page)).toBe(true)
    await until('refusal', async () => !(await openSocket(page)))
    await page.context().close()
  }, 60_000)

  test('who opens a service that is stopped is told so, and is shown it once it is resumed', async () => {
    const page = await entered(await windowOf(), alice, `${system.serviceUrl('hello', alice.username)}/`)
    const client = clientOf(system, alice)
    await client.call(contract.stopService, { params: { service: 'hello' } })
    await until('the end of its pod', async () => (await page.goto(`${page.url().split('?')[0]}?stopped`))?.status() === 503)
    await page.getByRole('heading', { name: 'hello is stopped' }).waitFor()
    await picture(page, 'waiting')
    expect(await complaintsOfAxe(page)).toEqual([])
    const link = page.getByRole('link', { name: 'Resume it in Karvdash' })
    expect(await link.getAttribute('href')).toBe(`${system.url}/#/services/hello`)
    await client.call(contract.resumeService, { params: { service: 'hello' } })
    await page.getByRole('heading', { name: 'hello is stopped' }).waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Hello, world!' }).waitFor()
    await page.context().close()
  }, 90_000)

  test.each([
    ['the dashboard', () => system.url],
    // Another address than before, or the browser would show what it has kept.
    ['the service', () => `${system.serviceUrl('hello', alice.username)}/?again`],
  ])(
    'attack: cookies planted for the whole site by a service’s page are cleared at %s, which works again',
    async (_, address) => {
      const context = await windowOf()
      const page = await entered(context, alice, `${system.serviceUrl('hello', alice.username)}/`)
      await page.evaluate(plant, system.node.domain)
      // A browser stores them one by one, after the script has ended.
      await until('the cookies', async () => (await context.cookies(system.url)).length >= 150)
      expect((await page.goto(address()))?.status()).toBe(400)
      await page.getByRole('heading', { name: 'Too many cookies' }).waitFor()
      expect(await context.cookies(system.url)).toEqual([])
      await page.getByRole('link', { name: 'Go on' }).click()
      // A service's own page may come from what the browser has kept.
      await page.getByRole('heading', { name: 'Too many cookies' }).waitFor({ state: 'detached' })
      await page.goto(system.url)
      await fillSignIn(page, alice)
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      await context.close()
    },
    60_000,
  )

  test('deactivation cuts a WebSocket that is open, since it ends what it leads to', async () => {
    const page = await entered(await windowOf(), alice, `${system.serviceUrl('jupyterlab', alice.username)}/lab`)
    expect(await openSocket(page)).toBe(true)
    const params = { user: alice.username }
    await clientOf(system, system.admin).call(contract.changeUser, { params, body: { active: false } })
    await until('the end of the WebSocket', async () => !(await isOpen(page)))
    await page.context().close()
  }, 90_000)
})

describe('below a domain of the services’ own', () => {
  let before: object
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'karvdash-gate-'))
    const values = ['get', 'values', 'karvdash', '-n', 'karvdash', '-o', 'json']
    before = JSON.parse(await run(await binary('helm'), values, { env: { KUBECONFIG: system.node.kubeconfig } })) as object
    const { serviceDomain } = system.node
    await upgrade({ ...before, serviceDomain, guard: { allowSecretAuth: true } })
  }, 120_000)
  afterAll(async () => {
    if (before) await upgrade(before)
    if (folder) await rm(folder, { recursive: true, force: true })
  }, 120_000)

  test('a tenant’s service is entered by its own password, and by none of the platform’s', async () => {
    const host = `drop-${bob.username}.${system.node.serviceDomain}`
    const route = { service: 'drop', host, backend: 'hello', port: 80, ingressClass: 'nginx', entrance: passwordEntrance('drop') }
    const made = [htpasswdObject('drop', 'made at random'), ingressObject(route)]
    await writeFile(join(folder, 'drop.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: made }))
    // The API server takes seconds to hear of changed policies.
    await until('the policy', () => system.kubectlAs(bob.username, 'apply', '-f', join(folder, 'drop.json')))
    await launched(bob, 'hello')
    const status = async (who?: Player) =>
      (await system.fetch(`https://${host}:${system.node.httpsPort}/`, who ? { headers: basic(who) } : {})).status
    await until('the service', async () => (await status({ username: 'karvdash', password: 'made at random' })) === 200)
    expect(await status()).toBe(401)
    expect(await status(bob)).toBe(401)
    expect(await status({ username: 'karvdash', password: bob.password })).toBe(401)
  }, 90_000)

  test('a browser is signed in on its way to a service, its WebSocket works, and no cookie of ours is at both sites', async () => {
    const origin = await launched(bob, 'jupyterlab')
    expect(new URL(origin).hostname).toBe(`jupyterlab-${bob.username}.${system.node.serviceDomain}`)
    const page = await entered(await windowOf(), bob, `${origin}/lab`)
    expect(await openSocket(page)).toBe(true)
    const named = async (address: string) => (await page.context().cookies(address)).map(({ name }) => name)
    expect(await named(system.url)).toEqual(['__Host-karvdash'])
    expect(await named(origin)).toContain('__Host-karvdash-gate')
    expect(await named(origin)).not.toContain('__Host-karvdash')
    await page.context().close()
  }, 90_000)
})
