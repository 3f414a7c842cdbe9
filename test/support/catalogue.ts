import { type Client, contract } from '@karvdash/common'
import { ensureStandIns } from '@karvdash/local/images/images'
import type { Page } from 'playwright-core'
import { fillSignIn } from '../stories/acts.ts'
import { runPod } from './pods.ts'
import { activeUser, basic, clientOf, openSystem, type System, until } from './system.ts'

/** Somebody who launches from the catalogue on a real node. */
export interface Customer {
  system: System
  user: { username: string; password: string }
  client: Client
  /** Launches, and comes back when it runs. */
  launch(template: string, launch?: { name?: string; values?: Record<string, unknown> }): Promise<Running>
  stop(service: string): Promise<void>
  resume(service: string): Promise<void>
  /** Deletes, and comes back when all of it is gone: its name is free then. */
  remove(service: string): Promise<void>
  /** Asks the service through the gate, as its owner with a tool does; a redirect is an answer. */
  fetch(service: string, path: string, init?: RequestInit): Promise<Response>
  /** A window that came through the gate to the service, signed in as its owner. */
  window(service: string, path?: string): Promise<Page>
  /** What a shell in a pod of the service prints: `pod/name` or `deploy/name`. */
  exec(where: string, script: string, container?: string): Promise<string>
  /** What a shell of this image prints in a pod of the user's own, its errors too. */
  run(image: string, script: string): Promise<string>
  /** Deletes what is left of the customer's services. */
  close(): Promise<void>
}

/** A service that runs. */
export interface Running {
  name: string
  url: string
  /** The passwords that were made for it, by variable. */
  passwords: Record<string, string>
}

/** How long a service may take to run: some unpack themselves, or are Java. */
const limitMs = 240_000

/** Opens the node of the tests for a new user, with the stand-ins of these images in its mirror. */
export async function openCatalogue(prefix: string, images: string[]): Promise<Customer> {
  const system = await openSystem()
  await ensureStandIns(system.node.mirrorUrl, { references: images })
  const user = await activeUser(system, `${prefix}${Date.now().toString(36)}`)
  const client = clientOf(system, user)
  const { username } = user
  return {
    ...{ system, user, client, ...lifeOf(client) },
    fetch: (service, path, init = {}) =>
      system.fetch(system.serviceUrl(service, username) + path, {
        ...init,
        headers: { ...basic(user), ...(init.headers as Record<string, string>) },
      }),
    async window(service, path = '/') {
      const page = await system.window()
      await page.goto(system.serviceUrl(service, username) + path)
      await fillSignIn(page, user)
      return page
    },
    exec: (where, script, container) =>
      system.kubectlAs(username, 'exec', where, ...(container ? ['-c', container] : []), '--', 'sh', '-c', script),
    run: (image, script) =>
      runPod(system, { user: username, name: `run-${pods++}`, script, runAs: 1000, image, limitMs: 120_000 }),
    async close() {
      // Those that follow have the node to themselves.
      const { items } = await client.call(contract.listServices)
      await Promise.all(items.map(({ name }) => client.call(contract.deleteService, { params: { service: name } })))
      await system.close()
    },
  }
}

let pods = 0

function lifeOf(client: Client): Pick<Customer, 'launch' | 'stop' | 'resume' | 'remove'> {
  const stateOf = (service: string) => client.call(contract.getService, { params: { service } })
  async function reached(service: string, wanted: 'Running' | 'Stopped'): Promise<{ url: string }> {
    const found = await until(
      `${service} to be ${wanted}`,
      async () => {
        const now = await stateOf(service)
        return (now.state === wanted || now.state === 'Failed') && now
      },
      limitMs,
    )
    if (found.state === 'Failed') throw new Error(`${service} failed: ${found.reason}`)
    return { url: found.url ?? '' }
  }
  return {
    async launch(template, launch = {}) {
      const { name, generated = [] } = await client.call(contract.launchService, { body: { template, ...launch } })
      const { url } = await reached(name, 'Running')
      return { name, url, passwords: Object.fromEntries(generated.map(({ name, value }) => [name, value])) }
    },
    async stop(service) {
      await client.call(contract.stopService, { params: { service } })
      await reached(service, 'Stopped')
    },
    async resume(service) {
      await client.call(contract.resumeService, { params: { service } })
      await reached(service, 'Running')
    },
    async remove(service) {
      await client.call(contract.deleteService, { params: { service } })
      const isThere = async () => (await client.call(contract.listServices)).items.some(({ name }) => name === service)
      await until(`${service} to be gone`, async () => !(await isThere()), 120_000)
    },
  }
}
