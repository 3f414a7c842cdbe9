import { originOf } from './connection/standing.ts'
import type { Tokens } from './oauth/endpoints.ts'
import { askChoice, askText, type Option } from './quick-input.ts'
import { type BrowserPorts, redirect, signInByDevice, signInByRedirect } from './sign-in-browser.ts'
import type { Keeper } from './sign-in-kept.ts'
import { askToken } from './sign-in-token.ts'
import { wordsOf } from './sign-in-words.ts'

export interface SignInPorts extends BrowserPorts {
  keeper: Keeper
  /** Who signed in here before will want the same server. */
  lastUrl?: string | undefined
}

type Way = 'browser' | 'code' | 'token'

/** Asks for the server, unless one was agreed to, signs in there, and keeps that; gives the server, or undefined where nobody signed in. */
export async function signIn(ports: SignInPorts, agreed?: string): Promise<string | undefined> {
  let complaint: string | undefined
  let url = agreed ?? (await askServer(ports.lastUrl))
  while (url !== undefined) {
    try {
      const brought = await enter(url, ports)
      if (brought === undefined) return undefined
      complaint = undefined
      if (brought !== 'back') {
        await ports.keeper.keep(url, 'token' in brought ? brought.token : brought)
        return url
      }
    } catch (failure) {
      complaint = wordsOf(failure, url)
    }
    url = await askServer(url, complaint)
  }
  return undefined
}

async function enter(url: string, ports: SignInPorts): Promise<Tokens | { token: string } | 'back' | undefined> {
  const to = redirect()
  const way = await askWay(to !== undefined)
  if (way === 'browser' && to !== undefined) return signInByRedirect(url, to, ports)
  if (way === 'code') return signInByDevice(url, ports)
  if (way !== 'token') return way === 'back' ? way : undefined
  const token = await askToken(url, ports.fetch)
  return token === 'back' ? enter(url, ports) : token === undefined ? undefined : { token }
}

async function askServer(value = '', complaint?: string): Promise<string | undefined> {
  const answer = await askText({
    place: { title: 'Sign in to Karvdash: Server', step: 1, totalSteps: 2 },
    prompt: 'Address of the dashboard',
    value,
    placeholder: 'https://karvdash.example.org',
    complaint,
    check: (text) => (originOf(text) === undefined ? 'Enter the address of the dashboard: https://…' : undefined),
  })
  return answer.kind === 'answer' ? originOf(answer.value) : undefined
}

async function askWay(canReturn: boolean): Promise<Way | 'back' | undefined> {
  const label = 'Sign in with your browser'
  const browser: Option<Way>[] = canReturn
    ? [
        { value: 'browser', label, detail: 'Opens the dashboard, where you approve this editor' },
        { value: 'code', label: 'Sign in with a code', detail: 'For a browser on another machine' },
      ]
    : [{ value: 'code', label, detail: 'Shows a code, and opens the dashboard, where you approve it' }]
  const token: Option<Way> = { value: 'token', label: 'Paste a personal token', detail: 'Made in the dashboard, under Account' }
  const place = { title: 'Sign in to Karvdash: How', step: 2, totalSteps: 2 }
  const answer = await askChoice<Way>(place, 'How do you want to sign in?', [...browser, token])
  return answer.kind === 'answer' ? answer.value : answer.kind === 'back' ? 'back' : undefined
}
