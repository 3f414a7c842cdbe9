import type { Value, Values, Variable } from '@karvdash/common'
import type { KubeObject } from '../kubernetes/objects.ts'
import { parseYamlDocuments, YamlError } from '../yaml.ts'
import { evaluate, type Printed } from './evaluate.ts'
import type { Step } from './expressions.ts'
import { templateProblem } from './faults.ts'
import { checkObjects } from './manifest.ts'
import type { Template } from './parse.ts'
import { type PlatformValues, platformScope } from './platform.ts'
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

/**
 * The objects that a template makes of values. Values cannot change the structure of the text: they are put into the scalars of the parsed
 * documents, as tokens stood for them while it was parsed.
 *
 * @param values as `checkValues` gave them; a variable that is missing counts as left empty
 * @throws {Problem} 400 where the result cannot be read as YAML or is not what a template may make
 */
export function render(template: Template, values: Values, platform: PlatformValues): { objects: KubeObject[] } {
  const tokens = createTokens()
  const printed = evaluate(template.steps, { scope: scopeOf(template, values, platform), print: tokens.print })
  const documents = located(printed, () => parseYamlDocuments(printed.text, { placeholders: tokens.placeholders }))
  const placed = documents.map((document) => ({ ...document, line: lineOf(printed, document.line) }))
  return { objects: checkObjects(placed, platform.namespace) }
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

function scopeOf({ description }: Template, values: Values, platform: PlatformValues): Map<string, Value> {
  const own = description.variables.map((variable): [string, Value] => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined
    return [variable.name, inContainer(variable, value ?? null, platform)]
  })
  return new Map([...own, ...platformScope(platform)])
}

/** An entry is printed as the path at which containers have it. */
function inContainer(variable: Variable, value: Value, { domains }: PlatformValues): Value {
  if (variable.type !== 'entry' || typeof value !== 'string') return value
  const domain = variable.domains.find((one) => value === `/${one}` || value.startsWith(`/${one}/`))
  return domain ? domains[domain] + value.slice(domain.length + 1) : value
}

function located<T>(printed: Printed, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof YamlError)
      throw templateProblem([{ line: lineOf(printed, error.line), message: sentence(error.reason) }])
    throw error
  }
}

function lineOf({ lines }: Printed, line: number): number {
  return lines[line - 1] ?? lines.at(-1) ?? 1
}

function sentence(reason: string): string {
  return `${reason[0]?.toUpperCase()}${reason.slice(1)}`
}
