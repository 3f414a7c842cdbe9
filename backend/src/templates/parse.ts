import { isAsked, type TemplateDescription, type Value, type Values, type Variable } from '@karvdash/common'
import { describedFor } from './described.ts'
import { takeDescription } from './description.ts'
import { readExpressions, type Step } from './expressions.ts'
import { inDocumentsOf, templateProblem } from './faults.ts'
import { platformNames, samplePlatform } from './platform.ts'
import { profileNames, profileStructures } from './profile-scope.ts'
import { render } from './render.ts'

/** A template that was read: what it says about itself, and what renders it. */
export interface Template {
  source: string
  description: TemplateDescription
  /** Steps that print its objects' documents. */
  steps: readonly Step[]
  /** Steps that print the parts of its exposure. */
  exposed: { service: readonly Step[]; credentials: readonly Step[] }
}

const mostCharacters = 256 * 1024
const exposedNames = ['service.name', 'user']

/**
 * Reads a template: YAML documents with Handlebars expressions, one of them of `kind: Template`. It is tried out with its defaults, so that an
 * author learns at once of text that is no YAML and of objects that a template may not make.
 *
 * @throws {Problem} 400 with the line, and the column where it is known, of each thing that is wrong
 */
export function parseTemplate(source: string): Template {
  return inDocumentsOf(source, () => readTemplate(source))
}

function readTemplate(source: string): Template {
  if (source.length > mostCharacters)
    throw templateProblem([{ line: 1, message: `A template has at most ${mostCharacters} characters.` }])
  const { description, rest } = takeDescription(source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
  const names = new Set([
    ...description.variables.map((variable) => variable.name),
    ...platformNames,
    ...profileNames(description),
  ])
  const { service = '', credentials } = description.exposure ?? {}
  const template = {
    source,
    description,
    steps: readExpressions(rest, { values: names, structures: new Set(profileStructures(description)) }),
    exposed: {
      service: readExposed('service', service, exposedNames),
      credentials: readExposed('credentials.value', credentials?.value ?? '', [...exposedNames, 'secret']),
    },
  }
  render(template, sampleValues(describedFor(description, samplePlatform).variables), samplePlatform)
  return template
}

function readExposed(field: string, text: string, names: readonly string[]): Step[] {
  const steps = readExpressions(text, { values: new Set(names) })
  if (steps.every((step) => step.kind === 'text' || step.kind === 'print')) return steps
  throw templateProblem([{ line: 1, message: `In the description, exposure.${field} may print values and do nothing else.` }])
}

/** Defaults, and for what has none something of the right type; null for what would not be asked then. */
export function sampleValues(variables: readonly Variable[]): Values {
  const values: Values = {}
  for (const variable of variables) values[variable.name] = isAsked(variable, values) ? sampleOf(variable) : null
  return values
}

function sampleOf(variable: Variable): Value {
  if (variable.type !== 'password' && variable.default !== undefined) return variable.default
  switch (variable.type) {
    case 'boolean':
      return true
    case 'number':
      return variable.min ?? variable.max ?? 1
    case 'quantity':
      return variable.min ?? variable.max ?? '1'
    case 'choice': {
      const [first] = variable.choices
      return typeof first === 'string' ? first : (first?.value ?? null)
    }
    case 'profile':
      return variable.choices?.[0]?.value ?? null
    case 'entry':
      return `/${variable.domains[0]}`
    default:
      return `sample-${variable.name.toLowerCase()}`
  }
}
