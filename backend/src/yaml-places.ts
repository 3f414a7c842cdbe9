/** Where something stands in a text, counted from 1. */
export interface TextPlace {
  line: number
  column: number
}

/** What js-yaml's parser tells of a text, as far as places go: a node begins, or a mapping or sequence ends. */
export interface PlacedEvent {
  type: number
  start?: number
  valueStart?: number
  valueEnd?: number
  anchorStart?: number
}

/** The types of those events, as js-yaml numbers them. */
export interface EventTypes {
  SEQUENCE: number
  MAPPING: number
  POP: number
}

/**
 * Finds where the parts of one document stand, by the paths of Kubernetes: `spec.containers[0].image`. A member of a mapping stands where its key
 * does; a path that is not in the text (a field that is missing, what came by an alias) stands where what it would be in does.
 *
 * @param events those of the document, without the one that begins it
 */
export function placesIn(text: string, events: readonly PlacedEvent[], types: EventTypes): (path: string) => TextPlace {
  const starts = new Map<string, number>()
  let at = 0

  function walk(path: string, from?: number): void {
    const event = events[at++]
    if (!event) return
    starts.set(path, from ?? startOf(event))
    if (event.type === types.MAPPING) walkMembers(path)
    else if (event.type === types.SEQUENCE) for (let index = 0; isOpen(); index++) walk(`${path}[${index}]`)
    if (event.type === types.MAPPING || event.type === types.SEQUENCE) at += 1
  }
  function walkMembers(path: string): void {
    while (isOpen()) {
      const key = events[at]
      const name = key?.valueStart === undefined ? undefined : text.slice(key.valueStart, key.valueEnd)
      const from = key && startOf(key)
      // A key may have parts itself: its members are no fields, but have to be passed over.
      walk(`${path}.?`)
      walk(name === undefined ? `${path}.?` : memberPath(path, name), from)
    }
  }
  const isOpen = () => at < events.length && events[at]?.type !== types.POP
  walk('')
  return (path) => placeAt(text, nearest(starts, path))
}

function startOf({ valueStart = -1, start = -1, anchorStart = -1 }: PlacedEvent): number {
  return [valueStart, start, anchorStart].find((offset) => offset >= 0) ?? 0
}

/** Kubernetes writes a key with a dot or slash in brackets: `data[index.html]`. */
function memberPath(path: string, name: string): string {
  if (/[./[\]]/.test(name)) return `${path}[${name}]`
  return path === '' ? name : `${path}.${name}`
}

function nearest(starts: ReadonlyMap<string, number>, path: string): number {
  for (let rest = path; rest !== ''; rest = rest.replace(/(\.?[^.[\]]*|\[[^\]]*\])$/, '')) {
    const start = starts.get(rest)
    if (start !== undefined) return start
    if (!/[.[]/.test(rest)) break
  }
  return starts.get('') ?? 0
}

function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
