import { setTimeout as sleep } from 'node:timers/promises'
import { contract, createClient } from '@karvdash/common'
import type { Backend } from '../support/backend.ts'
import { admin } from '../support/cluster.ts'
import { send } from '../support/send.ts'
import { type Browser, fromElsewhere, signedIn } from './browser.ts'
import { type Figure, limitFigure, type Pair } from './figure.ts'
import { clientOf, type Ground } from './ground.ts'
import { timed } from './statistics.ts'

const rounds = 5
const password = 'a password of theirs'

/** Somebody who signed in twice, and has a token. */
interface Somebody {
  name: string
  here: Browser
  there: Browser
  token: { id: string; headers: Record<string, string> }
}

interface Ending {
  /** What ends it, at one replica. */
  end(somebody: Somebody, at: Backend): Promise<unknown>
  /** What another replica then no longer takes. */
  ended(somebody: Somebody): Record<string, string>
}

const byAdmin = (at: Backend) => clientOf(at, admin)
const asBrowser = ({ url }: Backend, { headers }: Browser) => createClient({ url, headers: () => headers })

const endings: Record<string, Ending> = {
  'sign-out': {
    end: ({ here }, at) => asBrowser(at, here).call(contract.signOut),
    ended: ({ here }) => here.headers,
  },
  'session-revoked': {
    end: async ({ here, there }, at) => {
      const { items } = await asBrowser(at, there).call(contract.listSessions)
      const other = items.find(({ current }) => current)?.id ?? ''
      await asBrowser(at, here).call(contract.endSession, { params: { session: other } })
    },
    ended: ({ there }) => there.headers,
  },
  'token-revoked': {
    end: ({ here, token }, at) => asBrowser(at, here).call(contract.deleteToken, { params: { token: token.id } }),
    ended: ({ token }) => token.headers,
  },
  'password-changed': {
    end: ({ here }, at) => {
      const body = { current: password, next: 'another password of theirs' }
      return asBrowser(at, here).call(contract.changePassword, { body })
    },
    ended: ({ there }) => there.headers,
  },
  'role-changed': {
    end: ({ name }, at) => byAdmin(at).call(contract.changeUser, { params: { user: name }, body: { role: 'admin' } }),
    ended: ({ there }) => there.headers,
  },
  deactivated: {
    end: ({ name }, at) => byAdmin(at).call(contract.changeUser, { params: { user: name }, body: { active: false } }),
    ended: ({ token }) => token.headers,
  },
  deleted: {
    end: async ({ name }, at) => {
      const signed = asBrowser(at, await signedIn(at, admin))
      await signed.call(contract.deleteUser, { params: { user: name }, query: { files: 'erase' } })
    },
    ended: ({ token }) => token.headers,
  },
}

/** How long until another replica refuses what was ended at this one, and has ended the event stream that was open by it; the peer is how long the one that was asked took. */
export async function endingFigures(ground: Ground, backend: Backend): Promise<Figure[]> {
  const other = await ground.start()
  const figures: Figure[] = []
  try {
    for (const [name, ending] of Object.entries(endings)) {
      const pairs: Pair[] = []
      for (let round = 0; round < rounds; round++) {
        const somebody = await arrived(`${name.replaceAll('-', '')}${round}`, backend)
        pairs.push(await measured(ending, somebody, { backend, other }))
      }
      figures.push(limitFigure({ name: `ends/${name}`, unit: 'ms', pairs: [slowest(pairs)], goal: { atMost: 2000 } }))
    }
  } finally {
    await other.stop()
  }
  return figures
}

function slowest(pairs: Pair[]): Pair {
  return pairs.reduce((a, b) => (b.ours > a.ours ? b : a))
}

async function measured(
  ending: Ending,
  somebody: Somebody,
  { backend, other }: Record<'backend' | 'other', Backend>,
): Promise<Pair> {
  const headers = ending.ended(somebody)
  const stream = await fetch(`${other.url}/api/services/events`, { headers })
  if (stream.status !== 200) throw new Error(`The stream of ${somebody.name} was answered ${stream.status}`)
  const closed = toItsEnd(stream)
  let peer = 0
  const ours = await timed(async () => {
    peer = await timed(() => ending.end(somebody, backend))
    await Promise.all([refused(other, headers), closed])
  })
  return { ours, peer }
}

async function toItsEnd(stream: Response): Promise<void> {
  const reader = stream.body?.getReader()
  while (reader && !(await reader.read().catch(() => ({ done: true }))).done);
}

async function refused({ url }: Backend, headers: Record<string, string>): Promise<void> {
  while ((await send(`${url}/api/account`, { headers })).status === 200) await sleep(5)
}

async function arrived(name: string, at: Backend): Promise<Somebody> {
  await createClient({ url: at.url, headers: fromElsewhere }).call(contract.signUp, {
    body: { username: name, password, email: 'x@example.org' },
  })
  await byAdmin(at).call(contract.changeUser, { params: { user: name }, body: { active: true } })
  const who = { username: name, password }
  const [here, there] = [await signedIn(at, who), await signedIn(at, who)]
  const { id, secret } = await asBrowser(at, here).call(contract.createToken, { body: { name: 'bench' } })
  return { name, here, there, token: { id, headers: { authorization: `Bearer ${secret}` } } }
}
