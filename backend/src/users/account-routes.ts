import { contract, type Resource } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { forgetSession } from '../http/browser-session.ts'
import { callerOf } from '../http/state.ts'
import type { Editors } from '../oauth/editors.ts'
import { shownUser } from './account.ts'
import type { Kubeconfigs } from './kubeconfig.ts'
import type { Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'
import type { Users } from './users.ts'

export interface AccountRoutePorts {
  users: Users
  sessions: Sessions
  tokens: Tokens
  editors: Editors
  kubeconfigs: Kubeconfigs
  /** What a user has and may have. */
  resources: (user: string) => Promise<Resource[]>
}

/** What people see and change of their own: profile, sessions, tokens. */
export function accountRoutes(
  { bind }: Binder,
  { users, sessions, tokens, editors, kubeconfigs, resources }: AccountRoutePorts,
): void {
  bind(contract.changeProfile, async ({ body }, ctx) => shownUser(await users.change(callerOf(ctx).user, body)))
  bind(contract.getKubeconfig, (_, ctx) => kubeconfigs.of(callerOf(ctx).user))
  bind(contract.listResources, async (_, ctx) => ({ items: await resources(callerOf(ctx).user) }))
  bind(contract.createClusterToken, (_, ctx) => kubeconfigs.token(callerOf(ctx).user))
  bind(contract.listSessions, async (_, ctx) => {
    const { user, via } = callerOf(ctx)
    return { items: await sessions.list(via.kind === 'cookie' ? via.claim : { user }) }
  })
  bind(contract.endSession, ({ params }, ctx) => sessions.end(callerOf(ctx).user, params.session))
  bind(contract.endSessions, async (_, ctx) => {
    const { user } = callerOf(ctx)
    await sessions.end(user)
    await editors.remove(user)
    forgetSession(ctx)
  })
  bind(contract.listTokens, async (_, ctx) => ({ items: await tokens.list(callerOf(ctx).user) }))
  bind(contract.createToken, ({ body }, ctx) => tokens.create(callerOf(ctx).user, body))
  bind(contract.deleteToken, ({ params }, ctx) => tokens.remove(callerOf(ctx).user, params.token))
  bind(contract.deleteTokens, (_, ctx) => tokens.remove(callerOf(ctx).user))
}
