import { contract } from '@karvdash/common'
import type { Context } from 'koa'
import type Router from 'koa-router'
import type { Binder } from '../http/bind.ts'
import { readForm, unambiguous } from '../http/body.ts'
import { callerOf, stateOf } from '../http/state.ts'
import type { Throttle } from '../users/throttle.ts'
import { AddressedFailure, type Codes } from './codes.ts'
import type { Devices } from './devices.ts'
import type { EditorDraft, Editors, EditorTokens } from './editors.ts'
import { OAuthFailure } from './failure.ts'
import { metadata } from './metadata.ts'

export interface OAuthPorts {
  codes: Codes
  devices: Devices
  editors: Editors
  /** Slows down editors that ask to be signed in, by their address. */
  deviceRequests: Throttle
  /** The dashboard's own origin. */
  origin: string
}

const formLimitBytes = 16 * 1024

/** What people decide about their editors. */
export function editorRoutes({ bind }: Binder, { codes, devices, editors }: OAuthPorts): void {
  bind(contract.listEditors, async (_, ctx) => ({ items: await editors.list(callerOf(ctx).user) }))
  bind(contract.deleteEditor, ({ params }, ctx) => editors.remove(callerOf(ctx).user, params.editor))
  bind(contract.getEditorRequest, async ({ query }) =>
    'code' in query ? devices.describe(query.code) : codes.describe(query.request),
  )
  bind(contract.decideEditor, async ({ body }, ctx) => {
    const { user } = callerOf(ctx)
    if ('request' in body) return { location: codes.decide({ ...body, user }) }
    await devices.decide({ ...body, user })
    return {}
  })
}

/** What editors ask: the endpoints of RFC 6749, 7009, 8414 and 8628. */
export function oauthRoutes(router: Router, ports: OAuthPorts): void {
  const { codes, devices, editors, deviceRequests, origin } = ports
  const server = JSON.stringify(metadata(origin))
  router.get('/.well-known/oauth-authorization-server', (ctx) => {
    ctx.type = 'application/json'
    ctx.body = server
  })
  router.get('/oauth/authorize', (ctx: Context) => {
    ctx.set('cache-control', 'no-store')
    return told(ctx, () => ctx.redirect(codes.ask(unambiguous(new URLSearchParams(ctx.querystring)))))
  })
  const post = (path: string, answer: (form: Record<string, string>, ctx: Context) => Promise<unknown>) =>
    router.post(path, (ctx: Context) => {
      Object.assign(stateOf(ctx), { operation: `POST ${path}`, isChange: true })
      return told(ctx, async () => {
        const reply = await answer(await readForm(ctx.req, formLimitBytes), ctx)
        ctx.type = 'application/json'
        ctx.body = JSON.stringify(reply)
      })
    })
  post('/oauth/token', async (form, ctx) => signedIn(form, ctx, ports))
  post('/oauth/device_authorization', (form, ctx) => {
    deviceRequests.take(ctx.ip)
    return devices.begin(form, ctx.ip)
  })
  post('/oauth/revoke', async ({ token = '' }) => {
    await editors.revoke(token)
    return {}
  })
}

async function signedIn(
  form: Record<string, string>,
  ctx: Context,
  { codes, devices, editors }: OAuthPorts,
): Promise<EditorTokens> {
  const sign = (draft: EditorDraft) => {
    stateOf(ctx).subject = draft.user
    return editors.add(draft)
  }
  switch (form['grant_type']) {
    case 'authorization_code':
      return sign(await codes.redeem(form))
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return sign(await devices.poll(form))
    case 'refresh_token':
      return editors.refresh(form['refresh_token'] ?? '', form['client_id'] ?? '')
    default:
      throw new OAuthFailure('unsupported_grant_type', 'The grant is a code, a device code or a refresh token.')
  }
}

/** Tells a failure as RFC 6749 §5.2 has it, or at the address of the editor; "no-store" for all of it (§5.1). */
async function told(ctx: Context, work: () => unknown): Promise<void> {
  ctx.set('cache-control', 'no-store')
  try {
    await work()
  } catch (error) {
    if (error instanceof AddressedFailure) return ctx.redirect(error.location)
    if (!(error instanceof OAuthFailure)) throw error
    ctx.status = error.code === 'invalid_client' ? 401 : 400
    ctx.type = 'application/json'
    ctx.body = JSON.stringify({ error: error.code, error_description: error.message })
  }
}
