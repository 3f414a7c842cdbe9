/**
 * Reads server-sent events (WHATWG HTML §9.2.6): the data of each. Editors have no EventSource, or one that cannot show
 * a token.
 */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const reader = stream.getReader()
  const parser = createEventParser()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield* parser(decoder.decode(value, { stream: true }))
    }
  } finally {
    // Whoever stops listening frees the connection.
    await reader.cancel().catch(() => undefined)
  }
}

/** Takes the text as it comes, gives the events that are whole. */
export function createEventParser(): (text: string) => string[] {
  let rest = ''
  let data: string[] = []
  function field(line: string): string[] {
    if (line === '') return dispatch()
    // "If the line starts with a U+003A COLON character (:) Ignore the line."
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    // "If value starts with a U+0020 SPACE character, remove it from value."
    if (name === 'data') data.push(colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, ''))
    return []
  }
  function dispatch(): string[] {
    const event = data.join('\n')
    data = []
    return event === '' ? [] : [event]
  }
  return (text) => {
    const all = rest + text
    // A carriage return at the end may be half of a line's end.
    const held = all.endsWith('\r') ? '\r' : ''
    const lines = all.slice(0, all.length - held.length).split(/\r\n|\n|\r/)
    rest = (lines.pop() ?? '') + held
    return lines.flatMap(field)
  }
}
