import { namespaceOf } from '@karvdash/common'
import { originOf } from './config.ts'
import { type Controllers, startControllers } from './controllers.ts'
import { type HostOwner, mayEnter } from './exposure/hosts.ts'
import { createTickets, type Tickets } from './exposure/tickets.ts'
import type { Presence } from './filesystem/presence.ts'
import { createUserFolders } from './filesystem/user-folders.ts'
import type { Discover } from './kubernetes/discovery.ts'
import { type Codes, createCodes } from './oauth/codes.ts'
import { createDevices, type Devices } from './oauth/devices.ts'
import { createEditors, type Editors } from './oauth/editors.ts'
import { createOidc, type Oidc } from './oidc/oidc.ts'
import type { ExternalSignInPorts } from './oidc/sign-in.ts'
import { createPullCredentials, type PullCredentials } from './registry/access/pull-credentials.ts'
import { readableRecord } from './services/record.ts'
import { createAccounts } from './users/accounts.ts'
import { createAnnounceSignUp } from './users/announce.ts'
import { createClosing } from './users/closing.ts'
import { createKubeconfigs, type Kubeconfigs } from './users/kubeconfig.ts'
import { createLeaving, type Leaving } from './users/leaving.ts'
import { createUseOnce } from './users/once.ts'
import { createPasswordLinks, type PasswordLinks } from './users/password-links.ts'
import { createSessions, type Sessions } from './users/sessions.ts'
import { createSignIn, type SignIn } from './users/sign-in.ts'
import { createSigner } from './users/signer.ts'
import { createThrottle, type Throttle } from './users/throttle.ts'
import { createTokens, type Tokens } from './users/tokens.ts'
import { createUsers, type Users } from './users/users.ts'
import type { Opened } from './wiring.ts'

/** All that has to do with who people are and how they show it. */
export interface People {
  users: Users
  controllers: Controllers
  leaving: Leaving
  sessions: Sessions
  tokens: Tokens
  signIn: SignIn
  pullCredentials: PullCredentials
  passwordLinks: PasswordLinks
  editors: Editors
  codes: Codes
  devices: Devices
  tickets: Tickets
  oidc: Oidc | undefined
  external: ExternalSignInPorts
  kubeconfigs: Kubeconfigs
  signUps: Throttle
  deviceRequests: Throttle
  origin: string
}

/** Puts together what knows people. */
export function wirePeople(opened: Opened, presence: Presence, discover: Discover): People {
  const { config, kubernetes, caches, key } = opened
  const { namespace } = config
  const origin = originOf(config)
  const accounts = createAccounts({ kubernetes, secrets: caches.accounts, config })
  const closing = createClosing({ kubernetes, accounts, config })
  const folders = createUserFolders({ folder: config.domainsFolder, domains: ['local', 'remote'] })
  const leaving = createLeaving({ kubernetes, users: caches.users, accounts, closing, folders, config })
  const signer = createSigner(key)
  const pullCredentials = createPullCredentials({ accounts, signer })
  const pullPassword = (user: string) => (config.registry ? pullCredentials.of(user) : undefined)
  const controllers = startControllers({ ...opened, presence, closing, leaving, discover, pullPassword })
  const announceSignUp = createAnnounceSignUp({ url: config.signUpUrl, log: opened.log })
  const users = createUsers({
    ...{ kubernetes, users: caches.users, accounts, folders, announceSignUp, config },
    reconcile: controllers.users.run,
  })
  const useOnce = createUseOnce({ kubernetes, namespace })
  const sessions = createSessions({ accounts, signer })
  const tokens = createTokens({ accounts })
  const editors = createEditors({ accounts, signer })
  const serviceOf = ({ service, user }: HostOwner) => {
    const stored = caches.records.get(service, namespaceOf(user))
    return stored && readableRecord(stored)
  }
  const onReplay = (user: string, id: string) => editors.remove(user, id).catch(() => undefined)
  return {
    ...{ users, controllers, leaving, sessions, tokens, editors, pullCredentials, origin },
    signIn: createSignIn({ accounts, users, tokens }),
    oidc: config.oidc && createOidc({ ...config.oidc, origin, signer }),
    external: { users, activates: config.oidc?.activate ?? false },
    passwordLinks: createPasswordLinks({ accounts, signer }),
    codes: createCodes({ signer, useOnce, onReplay, origin }),
    devices: createDevices({ kubernetes, useOnce, namespace, origin }),
    kubeconfigs: createKubeconfigs({ kubernetes, config, origin }),
    tickets: createTickets({
      useOnce,
      sessions,
      signer,
      mayEnter: (user, owner) => mayEnter(user, owner, serviceOf(owner)),
      config,
    }),
    signUps: createThrottle({ burst: 20, refillMs: 60_000 }),
    deviceRequests: createThrottle({ burst: 20, refillMs: 10_000 }),
  }
}
