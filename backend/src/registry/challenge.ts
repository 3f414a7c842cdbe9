/** A challenge of `WWW-Authenticate` (RFC 9110 §11.6.1). */
export interface Challenge {
  /** In lower case, as the names of the parameters. */
  scheme: string
  parameters: Map<string, string>
}

const mostLetters = 8192
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const item = new RegExp(`[\\s,]*(${token})(?:\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token})))?`, 'y')

/** Reads the challenges in order; what follows something malformed is left out. */
export function challengesOf(header: string): Challenge[] {
  const text = header.slice(0, mostLetters)
  const challenges: Challenge[] = []
  item.lastIndex = 0
  for (let found = item.exec(text); found; found = item.exec(text)) {
    const [, name = '', quoted, plain] = found
    // RFC 9110 §11.2: what is followed by "=" is a parameter; a scheme is not.
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
    else challenges.at(-1)?.parameters.set(name.toLowerCase(), value)
  }
  return challenges
}
