import { extensionId } from '@karvdash/common'
import type { Link } from '../sign-in-link.ts'
import { Refusal } from './endpoints.ts'

/** Path of the address at which the browser hands its answer to VS Code. */
export const callbackPath = '/auth'

/** Desktop programs whose scheme the server knows; elsewhere nobody can know the address of a callback beforehand. */
const desktopSchemes = ['vscode', 'vscode-insiders', 'vscodium']

/** Where the browser answers; undefined where it cannot. */
export function redirectOf({ isDesktop, scheme }: { isDesktop: boolean; scheme: string }): string | undefined {
  return isDesktop && desktopSchemes.includes(scheme) ? `${scheme}://${extensionId}${callbackPath}` : undefined
}

/** Those who wait for the browser to answer. */
export interface Callbacks {
  /** Waits for the code; the signal ends that. @throws Refusal what the browser brought instead of one. */
  code(expected: { state: string; issuer: string }, signal: AbortSignal): Promise<string | undefined>
  /** Takes an answer. Anybody can send one: what nobody waits for changes nothing. */
  receive(link: Link): void
}

interface Waiting {
  issuer: string
  settle: (code: string | undefined) => void
  fail: (refusal: Refusal) => void
}

/** Nobody waits at first. */
export function createCallbacks(): Callbacks {
  const waiting = new Map<string, Waiting>()
  return {
    code: ({ state, issuer }, signal) =>
      new Promise<string | undefined>((settle, fail) => {
        if (signal.aborted) return settle(undefined)
        waiting.set(state, { issuer, settle, fail })
        signal.addEventListener('abort', () => settle(undefined))
      }).finally(() => waiting.delete(state)),
    receive(link) {
      const { state, ...answer } = readCallback(link) ?? {}
      const one = state === undefined ? undefined : waiting.get(state)
      if (!one) return
      // RFC 9207 §2.4: "clients MUST NOT proceed" with the answer of another server than the one they asked.
      if (answer.iss !== one.issuer) one.fail(new Refusal('mixed_up', 'The answer came from another server.'))
      else if (answer.code !== undefined) one.settle(answer.code)
      else one.fail(new Refusal(answer.error ?? 'invalid_request'))
    },
  }
}

/** The parameters of an answer; undefined: it is none, or one that can be read in two ways. */
export function readCallback({ path, query, fragment }: Link): Partial<Record<string, string>> | undefined {
  const fields = [...new URLSearchParams(query)]
  const isTwice = new Set(fields.map(([name]) => name)).size !== fields.length
  return path !== callbackPath || fragment !== '' || isTwice ? undefined : Object.fromEntries(fields)
}
