import { invalid } from '@karvdash/common'

/** What somebody asks to be let do with one thing. */
export interface Scope {
  type: string
  name: string
  actions: string[]
}

const mostScopes = 20
const mostLetters = 400

/**
 * Reads the `scope` parameters of a request for a token (distribution, "Token Scope Documentation"): each is some scopes with spaces between, a scope
 * `type:name:action,action`, where a name may hold colons too. What is none of that is left out.
 * @throws Problem 400 for more than 20 scopes.
 */
export function scopesOf(parameters: readonly string[]): Scope[] {
  const asked = parameters.flatMap((parameter) => parameter.split(' ')).filter((scope) => scope !== '')
  if (asked.length > mostScopes)
    throw invalid([{ pointer: '/query/scope', detail: `At most ${mostScopes} scopes can be asked for at a time.` }])
  return asked.filter(({ length }) => length <= mostLetters).flatMap(scopeOf)
}

function scopeOf(text: string): Scope[] {
  // A class, as in `repository(plugin):`, is of no matter here.
  const [, type = '', name = '', actions = ''] = /^([a-z]+)(?:\([a-z]+\))?:(.+):([a-z*,]*)$/.exec(text) ?? []
  if (type === '') return []
  return [{ type, name, actions: [...new Set(actions.split(',').filter((action) => action !== ''))] }]
}
