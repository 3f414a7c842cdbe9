import { signInPath } from '@karvdash/common'
import { originOf, type Standing } from './connection/standing.ts'

/** The parts of a link that VS Code hands over, decoded once. */
export interface Link {
  path: string
  query: string
  fragment: string
}

export interface LinkPorts {
  /** How things stand, once that is known. */
  standing: () => Promise<Standing>
  /** Whether the person wants to sign in there, having read its name. */
  agree: (server: string, now: Standing) => PromiseLike<boolean>
  /** Asks for the token; says whether somebody is signed in now. */
  signIn: (server: string) => Promise<boolean>
  /** Says that somebody is signed in there, and what to do next. */
  welcome: (server: string) => void
  /** Says that a link makes no sense. */
  refuse: () => void
}

/**
 * The server that a link asks to sign in to; undefined: it asks for anything else, or for more. Anybody can send a link, so it brings nothing
 * but an address, written in the one way that there is.
 */
export function serverOf({ path, query, fragment }: Link): string | undefined {
  const asked = [...new URLSearchParams(query)]
  const [name, server] = asked[0] ?? []
  if (path !== signInPath || fragment !== '' || asked.length !== 1 || name !== 'server' || server === undefined) return undefined
  return originOf(server) === server ? server : undefined
}

/** Follows links, one at a time: a second one that comes while a person is asked changes nothing. */
export function linkFollower({ standing, agree, signIn, welcome, refuse }: LinkPorts): (link: Link) => Promise<void> {
  let isAsking = false
  async function follow(link: Link): Promise<void> {
    const server = serverOf(link)
    if (server === undefined) return refuse()
    const now = await standing()
    const isThere = now.state === 'connected' && now.server.url === server
    if (isThere || ((await agree(server, now)) && (await signIn(server)))) welcome(server)
  }
  return async (link) => {
    if (isAsking) return
    isAsking = true
    await follow(link).finally(() => {
      isAsking = false
    })
  }
}
