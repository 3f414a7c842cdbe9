import type { Value } from '@karvdash/common'
import type { Expression, Step } from './expressions.ts'
import { templateProblem } from './faults.ts'
import { helpers, isTruthy, range } from './helpers.ts'
import { isStructure, type Printable } from './structure.ts'

/** A printed text, and for each of its lines the line of the template it comes from. */
export interface Printed {
  text: string
  lines: number[]
}

/** What evaluating needs besides the steps. */
export interface Evaluation {
  /** Values by name. */
  scope: ReadonlyMap<string, Printable>
  /** The text that stands for a printed value. */
  print(value: Printable, line: number): string
}

interface Round {
  this: number
  index: number
  first: boolean
  last: boolean
}

interface Run extends Evaluation {
  chunks: string[]
  lines: number[]
  length: number
  steps: number
  /** Whether the next character begins a line. */
  fresh: boolean
  round: Round | undefined
}

const mostCharacters = 1024 * 1024
const mostSteps = 100_000

/**
 * Carries out the steps of a template.
 *
 * @throws {Problem} 400 where a helper cannot take its arguments, or too much is printed
 */
export function evaluate(steps: readonly Step[], evaluation: Evaluation): Printed {
  const run: Run = { ...evaluation, chunks: [], lines: [], length: 0, steps: 0, fresh: true, round: undefined }
  carryOut(steps, run)
  return { text: run.chunks.join(''), lines: run.lines }
}

function carryOut(steps: readonly Step[], run: Run): void {
  for (const step of steps) {
    run.steps += 1
    if (run.steps > mostSteps || run.length > mostCharacters)
      throw templateProblem([{ line: run.lines.at(-1) ?? 1, message: 'The template prints too much.' }])
    carryOutOne(step, run)
  }
}

function carryOutOne(step: Step, run: Run): void {
  if (step.kind === 'text') append(run, step.text, step.line)
  else if (step.kind === 'print') append(run, run.print(printed(run, step.what), step.line), step.line)
  else if (step.kind === 'if') carryOut(isTruthy(valueIn(run, step.test)) ? step.whenTrue : step.whenFalse, run)
  else repeat(step, run)
}

function repeat(step: Step & { kind: 'each' }, run: Run): void {
  const outer = run.round
  const numbers = located(step.line, () => range(valueIn(run, step.count)))
  for (const number of numbers) {
    run.round = { this: number, index: number, first: number === 0, last: number === numbers.length - 1 }
    carryOut(step.body, run)
  }
  run.round = outer
  if (numbers.length === 0) carryOut(step.otherwise, run)
}

function printed(run: Run, what: Expression): Printable {
  return what.kind === 'name' ? (run.scope.get(what.name) ?? null) : valueIn(run, what)
}

function valueIn(run: Run, expression: Expression): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name': {
      const value = run.scope.get(expression.name) ?? null
      // Reading refuses names of structures in conditions.
      return isStructure(value) ? null : value
    }
    case 'loop':
      return run.round?.[expression.word] ?? null
    case 'call': {
      const args = expression.args.map((arg) => valueIn(run, arg))
      return located(expression.line, () => helpers.get(expression.helper)?.call(...args) ?? null)
    }
  }
}

function append(run: Run, text: string, line: number): void {
  if (text === '') return
  const parts = text.split('\n')
  for (const [index, part] of parts.entries()) {
    if (run.fresh && (part !== '' || index < parts.length - 1)) run.lines.push(line + index)
    run.fresh = index < parts.length - 1 || (run.fresh && part === '')
  }
  run.chunks.push(text)
  run.length += text.length
}

function located<T>(line: number, compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (error instanceof TypeError) throw templateProblem([{ line, message: error.message }])
    throw error
  }
}
