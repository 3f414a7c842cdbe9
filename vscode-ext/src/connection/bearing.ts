/** The bearer token as it is now, given one that the server refused: another, or the same where there is none. */
export type TokenSource = (refused?: string) => string | Promise<string>

/** A `fetch` that shows the token as it is at each call, and asks once more where another can be had for one that was refused. */
export function bearing(token: TokenSource, send: typeof fetch): typeof fetch {
  return async (input, init = {}) => {
    const shown = await token()
    const showing = (one: string) =>
      send(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${one}` } })
    const answer = await showing(shown)
    if (answer.status !== 401) return answer
    const next = await token(shown)
    if (next === shown) return answer
    await answer.body?.cancel()
    return showing(next)
  }
}
