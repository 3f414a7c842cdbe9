import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contract, createClient } from '@karvdash/common'
import { openApi } from '@karvdash/local/api'
import { binary } from '@karvdash/local/binaries'
import { run } from '@karvdash/local/command'
import { type RunningNode, startNode } from '@karvdash/local/node'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { Agent, fetch as send } from 'undici'

/** An installed Karvdash on a real node, as people and tests see it. */
export interface System {
  node: RunningNode
  /** The dashboard's address. */
  url: string
  admin: { username: string; password: string }
  /** Fetch that trusts the node's authority and finds its names; a redirect is an answer. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Where a service of a user answers. */
  serviceUrl(service: string, user: string): string
  /** A browser window of its own, with nobody signed in. */
  window(options?: BrowserContextOptions): Promise<Page>
  /** kubectl with all rights, or as a tenant. */
  kubectl(...args: string[]): Promise<string>
  kubectlAs(user: string, ...args: string[]): Promise<string>
  /** A domain folder of a user on the host. */
  folder(domain: 'local' | 'remote' | 'shared', user: string): string
  close(): Promise<void>
}

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]
const ceilingMs = 30_000

/** Opens the instance that the environment names, or the one people work with. */
export async function openSystem(): Promise<System> {
  const { KARVDASH_TEST_INSTANCE: name = 'default', KARVDASH_TEST_FOLDER: folder } = process.env
  const node = await startNode({ name, ...(folder !== undefined && { folder, durable: false }) })
  const url = `https://${node.domain}:${node.httpsPort}`
  const trusting = await trustingFetch(node)
  const kubernetes = await binary('kubernetes')
  const kubectl = (...args: string[]) => run(kubernetes, ['kubectl', '--kubeconfig', node.kubeconfig, ...args])
  let browser: Browser | undefined
  return {
    node,
    url,
    admin: await firstAdmin(node),
    fetch: trusting,
    serviceUrl: (service, user) => `https://${service}-${user}.${node.domain}:${node.httpsPort}`,
    async window(options = {}) {
      browser ??= await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags })
      return page(await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1200, height: 800 }, ...options }))
    },
    kubectl,
    kubectlAs: (user, ...args) =>
      kubectl('--as', `system:serviceaccount:karvdash-${user}:default`, '-n', `karvdash-${user}`, ...args),
    folder: (domain, user) => join(node.domainsFolder, domain, ...(domain === 'shared' ? [] : [user])),
    async close() {
      await browser?.close()
    },
  }
}

async function page(context: BrowserContext): Promise<Page> {
  context.setDefaultTimeout(ceilingMs)
  return context.newPage()
}

/** Names below `localhost` are loopback for browsers alone: here they are looked up by hand. */
async function trustingFetch({ caFile }: RunningNode): Promise<System['fetch']> {
  const ca = await readFile(caFile)
  const lookup = (_name: string, options: { all?: boolean }, done: (error: null, address: unknown, family?: number) => void) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const dispatcher = new Agent({ connect: { ca, lookup: lookup as never } })
  return async (url, init = {}) =>
    (await send(url, { redirect: 'manual', ...(init as object), dispatcher })) as unknown as Response
}

async function firstAdmin({ access }: RunningNode): Promise<System['admin']> {
  const api = await openApi(access)
  const { data } = JSON.parse((await api.get('/api/v1/namespaces/karvdash/secrets/karvdash-first-admin')) ?? '{}') as {
    data: Record<string, string>
  }
  api.close()
  const text = (name: string) => Buffer.from(data[name] ?? '', 'base64').toString()
  return { username: text('username'), password: text('password') }
}

/** HTTP Basic credentials. */
export function basic({ username, password }: { username: string; password: string }): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

/** A client of the API as somebody. */
export function clientOf(system: System, who: { username: string; password: string }) {
  return createClient({ url: system.url, headers: () => basic(who), fetch: system.fetch as typeof fetch })
}

/** A user who is signed up and active. */
export async function activeUser(system: System, username: string): Promise<{ username: string; password: string }> {
  const user = { username, password: `the password of ${username}` }
  const anyone = createClient({ url: system.url, fetch: system.fetch as typeof fetch })
  await anyone.call(contract.signUp, { body: { ...user, email: `${username}@example.org` } })
  await clientOf(system, system.admin).call(contract.changeUser, { params: { user: username }, body: { active: true } })
  return user
}

/** A user who may keep templates. */
export async function countedUser(system: System, prefix: string): Promise<{ username: string; password: string }> {
  const user = await activeUser(system, `${prefix}${Date.now().toString(36)}`)
  await mayKeepTemplates(system, user)
  return user
}

/** Waits until the cluster, which learns of new kinds every half minute, counts somebody's templates. */
export async function mayKeepTemplates(system: System, user: { username: string; password: string }): Promise<void> {
  const client = clientOf(system, user)
  const launch = 'counted'
  const keep = () =>
    client.call(contract.saveLaunch, { params: { launch }, body: { template: 'hello', label: launch, values: {} } })
  await until('a user whose templates are counted', keep, 45_000)
  await client.call(contract.deleteLaunch, { params: { launch } })
}

/** Waits until the ingress controller leads to a service that runs: it learns a moment after the platform who is there to answer. */
export async function reached(system: System, address: string, owner: { username: string; password: string }): Promise<void> {
  const status = async () => (await system.fetch(address, { headers: basic(owner) })).status
  await until(`the ingress controller to lead to ${address}`, async () => (await status()) < 400)
}

/** Asks until the answer is there; the last complaint is in the error. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, limitMs = ceilingMs): Promise<T> {
  const end = Date.now() + limitMs
  let complaint: unknown
  while (Date.now() < end) {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
    } catch (error) {
      complaint = error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Waited ${limitMs / 1000} s in vain: ${what}`, { cause: complaint })
}
