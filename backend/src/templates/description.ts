import { mayFillDefault, TemplateDescription } from '@karvdash/common'
import * as z from 'zod'
import { parseYamlDocuments, YamlError } from '../yaml.ts'
import { templateProblem } from './faults.ts'

const DescriptionDocument = TemplateDescription.safeExtend({
  apiVersion: z.literal('karvdash.io/v1'),
  kind: z.literal('Template'),
})
const separator = /^---(?:\s|$)/
const describes = /^kind:[ \t]*(["']?)Template\1[ \t]*(?:#.*)?$/

/** A template's text, taken apart. */
export interface Described {
  description: TemplateDescription
  /** The other documents, on the lines on which they stood. */
  rest: string
}

/**
 * Finds and reads the one document that describes the template. It is found by its lines, before anything is parsed: the other documents are not
 * YAML until their expressions are carried out.
 *
 * @throws {Problem} 400 where there is none, more than one, or one that says something else than a description may
 */
export function takeDescription(source: string): Described {
  const lines = source.split('\n')
  const [found, ...more] = documentsOf(lines).filter(({ from, to }) => lines.slice(from, to).some((line) => describes.test(line)))
  if (!found)
    throw templateProblem([
      { line: 1, message: 'One document must be of kind: Template, apiVersion karvdash.io/v1; it describes the template.' },
    ])
  if (more[0])
    throw templateProblem([
      { line: more[0].from + 1, message: 'There is another document of kind: Template; only one may describe the template.' },
    ])
  const { from, to } = found
  const rest = lines.map((line, index) => (index >= from && index < to ? '' : line)).join('\n')
  return { description: readDescription(lines.slice(from, to).join('\n'), from), rest }
}

function documentsOf(lines: readonly string[]): { from: number; to: number }[] {
  const separators = lines.flatMap((line, index) => (separator.test(line) ? [index] : []))
  const starts = [0, ...separators.map((index) => index + 1)]
  return starts.map((from, index) => ({ from, to: separators[index] ?? lines.length }))
}

function readDescription(text: string, from: number): TemplateDescription {
  const value = readOne(text, from)
  const checked = DescriptionDocument.safeParse(value)
  if (!checked.success)
    throw templateProblem(checked.error.issues.map((issue) => ({ line: from + 1, message: issueText(issue) })))
  const { apiVersion: _apiVersion, kind: _kind, ...description } = checked.data
  const fault = refusedPart(description)
  if (fault) throw templateProblem([{ line: from + 1, message: fault }])
  return description
}

/** What the schema lets pass, as a listed template has it, and a written one has not. */
function refusedPart({ exposure: _exposure, variables, ...plain }: TemplateDescription): string | undefined {
  const filled = variables.find((variable) => variable.type === 'profile' && variable.choices)
  if (filled)
    return `In the description, ${filled.name}: what a profile offers is for administrators to define, not for a template.`
  // Those of defaults were looked at where they may be.
  const others = variables.map((variable) => (mayFillDefault(variable) ? { ...variable, default: '' } : variable))
  if (!JSON.stringify([plain, others]).includes('{{')) return undefined
  return 'The description may have expressions in exposure and in defaults of texts, entries and images alone.'
}

function readOne(text: string, from: number): unknown {
  try {
    const documents = parseYamlDocuments(text)
    if (documents.length === 1) return documents[0]?.value
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw templateProblem([{ line: from + error.line, column: error.column, message: `In the description: ${error.reason}` }])
  }
  throw templateProblem([{ line: from + 1, message: 'The description must be one document.' }])
}

function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.')
  return path ? `In the description, ${path}: ${issue.message}.` : `In the description: ${issue.message}.`
}
