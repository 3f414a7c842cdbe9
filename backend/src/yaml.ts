import {
  boolYaml11Tag,
  CORE_SCHEMA,
  constructFromEvents,
  DUMP_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  dump,
  EVENT_ID,
  type Event,
  intCoreTag,
  intYaml11Tag,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  type Schema,
  YAMLException,
} from 'js-yaml'
import { placesIn, type TextPlace } from './yaml-places.ts'

/** YAML that cannot be read: what is wrong, and where (both counted from 1; the column is left out where only the line is known). */
export class YamlError extends Error {
  readonly reason: string
  readonly line: number
  readonly column: number | undefined

  constructor(reason: string, line: number, column?: number) {
    super(`Line ${line}${column === undefined ? '' : `, column ${column}`}: ${reason}`)
    this.name = 'YamlError'
    this.reason = reason
    this.line = line
    this.column = column
  }
}

/** How scalars that contain a marker are read: they stand for something else. */
export interface Placeholders {
  /** Wherever it stands but in a scalar (anchor, alias, tag, directive), the text is refused. */
  marker: string
  /** What the scalar means; `plain` where it is neither quoted nor a block. */
  read(scalar: string, plain: boolean): unknown
}

/** Limits of what is read. */
export interface YamlOptions {
  maxBytes?: number
  maxAliases?: number
  maxDepth?: number
  /** Scalars, mappings and sequences once every alias is written out; 64 characters of text count as one. */
  maxNodes?: number
  placeholders?: Placeholders
}

/** One document of a YAML text. Aliases are written out: no two places share an object. */
export interface YamlDocument {
  value: unknown
  /** Where it begins, counted from 1. */
  line: number
  /** Where a part of it stands, by its path such as `spec.containers[0].image`, or else what is nearest above. */
  placeOf: (path: string) => TextPlace
}

const mebibyte = 1024 * 1024
/** Nesting once aliases are written out; each alone keeps to maxDepth. */
const deepest = 200
const noPlaceholders: Placeholders = { marker: '\0', read: (scalar) => scalar }

/**
 * Reads YAML as kubectl does (integers and booleans of YAML 1.1, merge keys, dates as text). Duplicate keys and the key `__proto__` are refused.
 *
 * @throws {YamlError} with line and column
 */
export function parseYamlDocuments(text: string, options: YamlOptions = {}): YamlDocument[] {
  const { maxBytes = mebibyte, maxAliases = 100, maxDepth = 50, maxNodes = 50_000, placeholders = noPlaceholders } = options
  if (Buffer.byteLength(text) > maxBytes) throw new YamlError(`The text has more than ${maxBytes} bytes.`, 1)
  return translated(() => {
    const events = parseEvents(text, { maxDepth })
    refuseMarks(text, events, placeholders.marker)
    const values = constructFromEvents(events, { source: text, schema: schemaWith(placeholders), maxAliases })
    const copy = copier(maxNodes)
    const parts = documentEvents(events)
    return documentLines(text, events).map((line, index) => ({
      value: copy(values[index] ?? null, line),
      line,
      placeOf: (path) => placesIn(text, parts[index] ?? [], EVENT_ID)(path),
    }))
  })
}

/** The events of each document, without the one that begins it. */
function documentEvents(events: Event[]): Event[][] {
  const parts: Event[][] = []
  for (const event of events) {
    if ('directives' in event) parts.push([])
    else parts.at(-1)?.push(event)
  }
  return parts
}

/**
 * Writes a value as YAML that every reader understands alike (1.1 and 1.2).
 *
 * @throws {Error} for what is no JSON value, such as a function
 */
export function formatYaml(value: unknown, { sortKeys = false }: { sortKeys?: boolean } = {}): string {
  return dump(value, { schema: DUMP_SCHEMA, noRefs: true, lineWidth: 120, sortKeys })
}

/** kubectl does not read `22:22` as 22 × 60 + 22, as YAML 1.1 would, and knows `0o17` of YAML 1.2 too. */
const wholeNumber = defineScalarTag(intYaml11Tag.tagName, {
  ...intYaml11Tag,
  resolve: (source, isExplicit, tag) => {
    if (source.includes(':')) return NOT_RESOLVED
    return (source.startsWith('0o') ? intCoreTag : intYaml11Tag).resolve(source, isExplicit, tag)
  },
})

const safeMapping = defineMappingTag(mapTag.tagName, {
  create: mapTag.create,
  addPair: (carrier, key, value) =>
    key === '__proto__' ? 'the key __proto__ is not allowed' : mapTag.addPair(carrier, key, value),
  has: mapTag.has,
  keys: mapTag.keys,
  get: mapTag.get,
  identify: mapTag.identify,
})

function schemaWith({ marker, read }: Placeholders): Schema {
  const plain = defineScalarTag('tag:karvdash.io,2026:placeholder', {
    implicit: true,
    resolve: (source, isExplicit) => (!isExplicit && source.includes(marker) ? read(source, true) : NOT_RESOLVED),
    identify: () => false,
  })
  const text = defineScalarTag('tag:yaml.org,2002:str', {
    resolve: (source) => (source.includes(marker) ? read(source, false) : source),
    identify: (data) => typeof data === 'string',
  })
  return CORE_SCHEMA.withTags([wholeNumber, boolYaml11Tag, mergeTag, safeMapping, plain, text])
}

/** A marker in a scalar is read; anywhere else it would decide about structure. */
function refuseMarks(text: string, events: Event[], marker: string): void {
  for (const event of events) {
    const [start, end] = marksOf(event)
    const inDirective = 'directives' in event && JSON.stringify(event.directives).includes(marker)
    if (!inDirective && !text.slice(start, end).includes(marker)) continue
    YAMLException.throwAt(text, start, 'a value may stand in text alone, not in an anchor, alias, tag or directive')
  }
}

/** The range of an event's anchor and tag. A scalar tagged `!` or with anything but `!!str` may hold no marker, so it is part of the range. */
function marksOf(event: Event): [number, number] {
  const ranges: number[] = []
  if ('anchorStart' in event) ranges.push(event.anchorStart, event.anchorEnd)
  if ('tagStart' in event) ranges.push(event.tagStart, event.tagEnd)
  if ('valueStart' in event && event.tagStart >= 0) ranges.push(event.valueStart, event.valueEnd)
  const present = ranges.filter((at) => at >= 0)
  return present.length > 0 ? [Math.min(...present), Math.max(...present)] : [0, 0]
}

function documentLines(text: string, events: Event[]): number[] {
  const firsts = events.flatMap((event, index) => ('directives' in event ? [events[index + 1]] : []))
  return firsts.map((first) => text.slice(0, first ? startOf(first) : 0).split('\n').length)
}

function startOf(event: Event): number {
  const { tagStart = -1, anchorStart = -1, valueStart = -1, start = -1 }: Partial<Record<string, unknown>> = { ...event }
  return Math.min(
    ...[tagStart, anchorStart, valueStart, start].filter((at) => typeof at === 'number').filter((at) => at >= 0),
    Number.MAX_SAFE_INTEGER,
  )
}

/** Copies values with every alias written out, refusing what refers to itself and what grows too large ("billion laughs"). */
function copier(maxNodes: number): (value: unknown, line: number) => unknown {
  const open = new Set<unknown>()
  let nodes = 0
  const copy = (value: unknown, line: number): unknown => {
    nodes += 1 + (typeof value === 'string' ? value.length / 64 : 0)
    if (nodes > maxNodes || open.size > deepest)
      throw new YamlError('The text becomes too large when its aliases are written out.', line)
    if (isInexact(value)) throw new YamlError(`The number ${value} cannot be kept exactly. Quote it if it is a text.`, line)
    if (typeof value !== 'object' || value === null) return value
    if (open.has(value)) throw new YamlError('An alias refers to what it stands in.', line)
    open.add(value)
    const copied = Array.isArray(value)
      ? value.map((item) => copy(item, line))
      : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, line)]))
    open.delete(value)
    return copied
  }
  return copy
}

function isInexact(value: unknown): value is number {
  return typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
}

function translated<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const { reason, mark } = error
    throw new YamlError(`${reason}.`, (mark?.line ?? 0) + 1, (mark?.column ?? 0) + 1)
  }
}
