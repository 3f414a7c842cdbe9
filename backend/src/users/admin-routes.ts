import { conflict, contract, forbidden } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { type BrowserSessionPorts, begin, shownAccount } from '../http/browser-session.ts'
import { callerOf, sessionOf, stateOf } from '../http/state.ts'
import { page } from '../page-of.ts'
import { shownUser } from './account.ts'
import type { PasswordLinks } from './password-links.ts'
import type { Users } from './users.ts'

export interface AdminRoutePorts extends BrowserSessionPorts {
  users: Users
  passwordLinks: PasswordLinks
  /** The dashboard's own origin. */
  origin: string
}

/** What admins do with users. */
export function adminRoutes({ bind }: Binder, ports: AdminRoutePorts): void {
  const { users, passwordLinks } = ports
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
    const { user } = callerOf(ctx)
    const isRisky = body.active !== undefined || body.role !== undefined
    if (user === params.user && isRisky) throw forbidden('Another administrator has to change you, so that one is always left.')
    return shownUser(await users.change(params.user, body))
  })
  bind(contract.inviteUser, async ({ body }, ctx) => {
    stateOf(ctx).target = body.username
    await users.invite(body)
    return linkFor(body.username)
  })
  bind(contract.resetPassword, ({ params }) => linkFor(params.user))
  bind(contract.actAs, async ({ params }, ctx) => {
    const actor = sessionOf(ctx)
    if (actor.actor || params.user === actor.user) throw forbidden('You act as somebody already, or as yourself.')
    if (!users.known(params.user)?.active) throw conflict(`"${params.user}" is not active.`)
    return begin(ctx, params.user, ports, actor)
  })
}
