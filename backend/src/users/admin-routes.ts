import { conflict, contract, forbidden, notFound } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { type BrowserSessionPorts, begin, shownAccount } from '../http/browser-session.ts'
import { type Caller, callerOf, sessionOf, stateOf } from '../http/state.ts'
import { page } from '../page-of.ts'
import { shownUser } from './account.ts'
import type { Leaving } from './leaving.ts'
import type { PasswordLinks } from './password-links.ts'
import type { Users } from './users.ts'

export interface AdminRoutePorts extends BrowserSessionPorts {
  users: Users
  passwordLinks: PasswordLinks
  leaving: Leaving
  /** The dashboard's own origin. */
  origin: string
}

/** What admins do with users. */
export function adminRoutes({ bind }: Binder, ports: AdminRoutePorts): void {
  const { users, passwordLinks, leaving } = ports
  const known = (name: string) => {
    if (!users.known(name)) throw notFound('user', name)
    return name
  }
  const linkFor = async (user: string) => {
    const { code, expiresAt } = await passwordLinks.issue(user)
    // Behind the #: no server and no log on the way sees the code.
    return { user: shownAccount(user, users), link: `${ports.origin}/#/password?code=${code}`, expiresAt }
  }
  // Who waits to be activated comes first.
  bind(contract.listUsers, ({ query }) => {
    const all = users.list().map((user) => ({ key: `${user.active ? 1 : 0}${user.name}`, item: shownUser(user) }))
    return page(all, query)
  })
  bind(contract.changeUser, async ({ params, body }, ctx) => {
    if (body.active !== undefined || body.role !== undefined) refuseOneself(callerOf(ctx), params.user)
    return shownUser(await users.change(params.user, body))
  })
  bind(contract.inviteUser, async ({ body }, ctx) => {
    stateOf(ctx).target = body.username
    await users.invite(body)
    return linkFor(body.username)
  })
  bind(contract.resetPassword, ({ params }) => linkFor(params.user))
  bind(contract.previewDeletion, ({ params }) => leaving.preview(known(params.user)))
  bind(contract.deleteUser, async ({ params, query }, ctx) => {
    refuseOneself(callerOf(ctx), params.user)
    await leaving.begin(known(params.user), query)
    return { ...shownAccount(params.user, users), active: false, leaving: true }
  })
  bind(contract.actAs, async ({ params }, ctx) => {
    const actor = sessionOf(ctx)
    if (actor.actor || params.user === actor.user) throw forbidden('You act as somebody already, or as yourself.')
    if (!users.known(params.user)?.active) throw conflict(`"${params.user}" is not active.`)
    return begin(ctx, params.user, ports, actor)
  })
}

function refuseOneself(caller: Caller, user: string): void {
  if (caller.user === user) throw forbidden('Another administrator has to do that to you, so that one is always left.')
}
