import { contract, createClient, Problem, pause } from '@karvdash/common'
import { env, ProgressLocation, UIKind, Uri, window } from 'vscode'
import { originOf, requireContract } from './connection/standing.ts'
import { type Approval, approval } from './oauth/approval.ts'
import { type Callbacks, redirectOf } from './oauth/callbacks.ts'
import { byCode } from './oauth/code-flow.ts'
import { type DeviceCode, endpointsOf, Refusal, type Tokens } from './oauth/endpoints.ts'

export interface BrowserPorts {
  fetch: typeof fetch
  callbacks: Callbacks
  /** What people know this machine by. */
  machine: string
}

const decidingMs = 600_000

/** Where the browser hands its answer to this VS Code; undefined where it cannot. */
export function redirect(): string | undefined {
  return redirectOf({ isDesktop: env.uiKind === UIKind.Desktop, scheme: env.uriScheme })
}

/** Signs in through the browser, which comes back here by itself; undefined: the person does not want to, or was told why not. */
export async function signInByRedirect(server: string, to: string, ports: BrowserPorts): Promise<Tokens | undefined> {
  const { fetch, callbacks, machine } = ports
  await requireKarvdash(server, fetch)
  const endpoints = endpointsOf({ server, fetch })
  const open = (address: string) => env.openExternal(Uri.parse(address, true))
  return waiting('Approve the sign-in in your browser', async (ending) => {
    const timer = setTimeout(() => ending.abort(), decidingMs)
    return byCode({ server, redirect: to, machine, callbacks, endpoints, open }, ending)
      .catch(refused)
      .finally(() => clearTimeout(timer))
  })
}

/** Signs in with a code that is shown here and approved in a browser, on whichever machine that is. */
export async function signInByDevice(server: string, { fetch, machine }: BrowserPorts): Promise<Tokens | undefined> {
  await requireKarvdash(server, fetch)
  const { beginDevice, redeemDevice } = endpointsOf({ server, fetch })
  const code = await beginDevice(machine)
  if (!(await show(code))) return undefined
  const outcome = await waiting(`Approve the code ${code.shown} in your browser`, ({ signal }) =>
    approval({ redeem: redeemDevice, wait: pause }, code, signal),
  )
  return settled(outcome)
}

/** The browser is not opened for an address behind which nobody, or something else, is. */
async function requireKarvdash(url: string, fetch: typeof globalThis.fetch): Promise<void> {
  requireContract(await createClient({ url, fetch }).call(contract.getVersion))
}

async function show({ shown, page, pageWithCode }: DeviceCode): Promise<boolean> {
  // What a server names is opened by the system, which knows other things to do than to show a page.
  if ([page, pageWithCode].some((address) => originOf(address) === undefined))
    throw new Problem(502, 'Unexpected answer', { detail: "The server's answer to signing in was not understood." })
  const action = 'Copy & Open'
  const detail = `Approve it in the dashboard, at ${page}.\nIt shows what asks, and from where: approve nothing else.`
  if ((await window.showInformationMessage(`Your code is ${shown}`, { modal: true, detail }, action)) !== action) return false
  await env.clipboard.writeText(shown)
  await env.openExternal(Uri.parse(pageWithCode, true))
  return true
}

function waiting<T>(title: string, work: (ending: AbortController) => Promise<T>): Thenable<T> {
  const options = { location: ProgressLocation.Notification, title: `Karvdash: ${title}`, cancellable: true }
  return window.withProgress(options, (_, cancellation) => {
    const ending = new AbortController()
    cancellation.onCancellationRequested(() => ending.abort())
    return work(ending)
  })
}

function settled(outcome: Approval): Tokens | undefined {
  if (outcome.kind === 'approved') return outcome.tokens
  if (outcome.kind === 'denied') void window.showInformationMessage('Karvdash: the sign-in was refused in the browser.')
  if (outcome.kind === 'expired')
    void window.showInformationMessage('Karvdash: the code was not approved in time. Sign in again.')
  return undefined
}

function refused(failure: unknown): undefined {
  if (!(failure instanceof Refusal) || failure.code !== 'access_denied') throw failure
  return void settled({ kind: 'denied' })
}
