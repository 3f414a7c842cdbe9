import { randomBytes, randomInt } from 'node:crypto'
import { type EditorRequest, invalid } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { createMemory } from '../memory.ts'
import { digestOf } from '../users/digest.ts'
import type { UseOnce } from '../users/once.ts'
import { clientOf } from './clients.ts'
import { machineOf, readScopes } from './codes.ts'
import type { EditorDraft } from './editors.ts'
import { OAuthFailure } from './failure.ts'
import { createWaitingRoom, nameOfCode, type Waiting } from './waiting.ts'

/** The device authorization grant (RFC 8628): for editors that can open no browser, or not the one people are signed in with. */
export interface Devices {
  /** Begins; gives what the editor shows and what it asks with. @throws OAuthFailure. */
  begin(form: Record<string, string>, address: string): Promise<DeviceAnswer>
  /** What a shown code is about. @throws Problem 400 where there is none of it any more. */
  describe(code: string): Promise<EditorRequest>
  decide(decision: { code: string; isApproved: boolean; user: string }): Promise<void>
  /** Who is signed in, once somebody has approved. @throws OAuthFailure, `authorization_pending` until then. */
  poll(form: Record<string, string>): Promise<EditorDraft>
}

/** RFC 8628 §3.2. */
export interface DeviceAnswer {
  device_code: string
  user_code: string
  verification_uri: string
  verification_uri_complete: string
  expires_in: number
  interval: number
}

const lifetimeMs = 600_000
const intervalSeconds = 5
/** RFC 8628 §6.1: no vowels, so no words, and nothing that looks like something else. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const deviceForm = /^(device\.[0-9a-f]{40})\.([0-9a-f]{40})$/

export interface DevicesPorts {
  kubernetes: Kubernetes
  useOnce: UseOnce
  namespace: string
  /** The dashboard's own origin. */
  origin: string
  clock?: () => number
}

/** Makes it; who waits is known to every replica. */
export function createDevices({ kubernetes, useOnce, namespace, origin, clock = Date.now }: DevicesPorts): Devices {
  const room = createWaitingRoom({ kubernetes, namespace, clock })
  const polled = createMemory<true>({ lifetimeMs: (intervalSeconds - 1) * 1000, most: 1000, clock })

  async function undecided(code: string): Promise<Waiting> {
    const waiting = await room.find(nameOfCode(code))
    if (waiting && !waiting.decision) return waiting
    throw invalid([{ pointer: '/code', detail: 'There is no such code, or not any more. Begin again in your editor.' }])
  }
  async function poll({ device_code: text = '', client_id: client }: Record<string, string>): Promise<EditorDraft> {
    const [, name = '', device = ''] = deviceForm.exec(text) ?? []
    const waiting = name === '' ? undefined : await room.find(name)
    if (!waiting || waiting.client !== client || digestOf(device) !== waiting.device)
      throw new OAuthFailure('expired_token', 'This code is too old. Begin again.')
    if (polled.get(name)) throw new OAuthFailure('slow_down', 'Ask less often.')
    polled.set(name, true)
    const { decision, machine, scopes } = waiting
    if (!decision) throw new OAuthFailure('authorization_pending', 'Nobody has decided yet.')
    if (!decision.isApproved) throw new OAuthFailure('access_denied', 'It was not approved.')
    if (!(await useOnce(name))) throw new OAuthFailure('expired_token', 'This code was used already.')
    await room.remove(name)
    return { id: randomBytes(8).toString('hex'), user: decision.user, client: waiting.client, machine, scopes }
  }
  return {
    async begin({ client_id: client = '', scope, machine = '' }, address) {
      if (!clientOf(client)) throw new OAuthFailure('invalid_client', 'This program is not known here.')
      const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')
      const device = randomBytes(20).toString('hex')
      const asked = { client, machine: machineOf(machine), scopes: readScopes(scope), address }
      await room.add(nameOfCode(code), { ...asked, device: digestOf(device), until: clock() + lifetimeMs })
      return answer({ code, device, origin })
    },
    async describe(code) {
      const { client, machine, scopes, address } = await undecided(code)
      return { client: clientOf(client)?.name ?? client, machine, scopes, place: address }
    },
    async decide({ code, isApproved, user }) {
      await undecided(code)
      await room.decide(nameOfCode(code), { isApproved, user })
    },
    poll,
  }
}

function answer({ code, device, origin }: { code: string; device: string; origin: string }): DeviceAnswer {
  const shown = `${code.slice(0, 4)}-${code.slice(4)}`
  return {
    device_code: `${nameOfCode(code)}.${device}`,
    user_code: shown,
    verification_uri: `${origin}/#/connect-editor`,
    verification_uri_complete: `${origin}/#/connect-editor?code=${shown}`,
    expires_in: lifetimeMs / 1000,
    interval: intervalSeconds,
  }
}
