import type { Value, Values, Variable } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
import { parseYamlDocuments, type YamlDocument, YamlError } from '../yaml.ts'
import { evaluate, type Printed } from './evaluate.ts'
import type { Step } from './expressions.ts'
import { documentAt, inDocumentsOf, templateProblem } from './faults.ts'
import { checkObjects, type PlacedDocument, type PlacedObject } from './manifest.ts'
import type { Template } from './parse.ts'
import { type PlatformValues, platformScope } from './platform.ts'
import { profileScope } from './profile-scope.ts'
import type { Printable } from './structure.ts'
import { createTokens } from './tokens.ts'

/** What a service exposes, with its expressions filled in. */
export interface RenderedExposure {
  /** Name of the Kubernetes Service. */
  service: string
  port: number | string
  auth: 'gate' | 'secret'
  /** Where people land. */
  path: string
  /** The header with which the gate hands over the service's own credentials. */
  credentials?: { header: 'Authorization'; value: string }
}

/** Where an object that a template makes, or what has this path in it, stands in the template. */
export type Origin = (path?: string) => { document: number; line: number; column?: number | undefined }

/** The objects that a template makes, and where each comes from. */
export interface Rendering {
  objects: KubeObject[]
  origins: Origin[]
}

/**
 * The objects that a template makes of values. Values cannot change the structure of the text: they are put into the scalars of the parsed
 * documents, as tokens stood for them while it was parsed.
 *
 * @param values as `checkValues` gave them; a variable that is missing counts as left empty
 * @throws {Problem} 400 where the result cannot be read as YAML or is not what a template may make
 */
export function render(template: Template, values: Values, platform: PlatformValues): Rendering {
  return inDocumentsOf(template.source, () => {
    const tokens = createTokens()
    const printed = evaluate(template.steps, { scope: scopeOf(template, values, platform), print: tokens.print })
    const documents = located({ printed, marker: tokens.placeholders.marker }, () =>
      parseYamlDocuments(printed.text, { placeholders: tokens.placeholders }),
    )
    const placed = documents.map((document) => placedIn({ printed, marker: tokens.placeholders.marker }, document))
    const objects = checkObjects(placed, platform.namespace)
    return { objects: objects.map(({ value }) => value), origins: objects.map(({ at }) => originIn(template.source, at)) }
  })
}

function originIn(source: string, at: PlacedObject['at']): Origin {
  return (path) => {
    const place = at(path)
    return { ...place, document: documentAt(source, place.line) }
  }
}

/** A text that was printed, with tokens in it. */
interface Marked {
  printed: Printed
  marker: string
}

/** A document whose places are those of the template: it was printed line by line. */
function placedIn(marked: Marked, { value, line, placeOf }: YamlDocument): PlacedDocument {
  return {
    value,
    at(path) {
      if (path === undefined) return { line: lineOf(marked.printed, line) }
      const place = placeOf(path)
      return inTemplate(marked, place.line, place.column)
    },
  }
}

/** Where a place of what was printed is in the template: behind an expression there is no column that is the same in both. */
function inTemplate({ printed, marker }: Marked, line: number, column?: number): { line: number; column?: number } {
  const before = (printed.text.split('\n')[line - 1] ?? '').slice(0, (column ?? 1) - 1)
  return { line: lineOf(printed, line), ...(column !== undefined && !before.includes(marker) && { column }) }
}

/** What a template exposes; undefined where it exposes nothing. */
export function renderExposure(template: Template, platform: PlatformValues): RenderedExposure | undefined {
  const { exposure } = template.description
  if (!exposure) return undefined
  const scope = platformScope(platform)
  const fill = (steps: readonly Step[]) => evaluate(steps, { scope, print: String }).text
  const { port, auth, path, credentials } = exposure
  const filled: RenderedExposure = { service: fill(template.exposed.service), port, auth, path }
  return credentials
    ? { ...filled, credentials: { header: credentials.header, value: fill(template.exposed.credentials) } }
    : filled
}

function scopeOf({ description }: Template, values: Values, platform: PlatformValues): Map<string, Printable> {
  const own = description.variables.map((variable): [string, Value] => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined
    return [variable.name, inContainer(variable, value ?? null, platform)]
  })
  return new Map<string, Printable>([...own, ...profileScope(description, values, platform.profiles), ...platformScope(platform)])
}

/** An entry is printed as the path at which containers have it. */
function inContainer(variable: Variable, value: Value, { domains }: PlatformValues): Value {
  if (variable.type !== 'entry' || typeof value !== 'string') return value
  const domain = variable.domains.find((one) => value === `/${one}` || value.startsWith(`/${one}/`))
  return domain ? domains[domain] + value.slice(domain.length + 1) : value
}

function located<T>(marked: Marked, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof YamlError)
      throw templateProblem([{ ...inTemplate(marked, error.line, error.column), message: sentence(error.reason) }])
    throw error
  }
}

function lineOf({ lines }: Printed, line: number): number {
  return lines[line - 1] ?? lines.at(-1) ?? 1
}

function sentence(reason: string): string {
  return `${reason[0]?.toUpperCase()}${reason.slice(1)}`
}
