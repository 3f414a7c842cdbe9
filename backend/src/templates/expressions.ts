import type { Value } from '@karvdash/common'
import Handlebars from 'handlebars'
import { type Fault, templateProblem } from './faults.ts'
import { helpers } from './helpers.ts'
import { tagFaults } from './tags.ts'

/** What has a value while a template is rendered. */
export type Expression =
  | { kind: 'name'; name: string }
  | { kind: 'loop'; word: LoopWord }
  | { kind: 'literal'; value: Value }
  | { kind: 'call'; helper: string; args: Expression[]; line: number }

/** What stands for the current round of the innermost `#each`. */
export type LoopWord = 'this' | 'index' | 'first' | 'last'

/** One step of rendering: text that is printed, a value that is printed, or steps that are chosen or repeated. */
export type Step =
  | { kind: 'text'; text: string; line: number }
  | { kind: 'print'; what: Expression; line: number }
  | { kind: 'if'; test: Expression; whenTrue: Step[]; whenFalse: Step[] }
  | { kind: 'each'; count: Expression; body: Step[]; otherwise: Step[]; line: number }

/** Names that may be used. */
export interface KnownNames {
  /** Of values, such as `service.name`: printed, and in conditions. */
  values: ReadonlySet<string>
  /** Of what has parts, such as `size.resources`: printed alone. */
  structures?: ReadonlySet<string>
}

interface Reading {
  known: ReadonlySet<string>
  structures: ReadonlySet<string>
  faults: Fault[]
  /** How many `#each` are open. */
  loops: number
  /** How many blocks and calls are open. */
  depth: number
}

const deepest = 20
const loopWords: ReadonlySet<string> = new Set<LoopWord>(['index', 'first', 'last'])

/**
 * Reads a text with Handlebars expressions into steps. Only what {@link Step} and {@link Expression} can say is accepted: printing a known name,
 * `#if`, `#unless`, `#each (range n)` with `else`, and calls of the helpers. Raw output, partials, decorators, other helpers and other names are
 * refused. Handlebars does the parsing alone: nothing is compiled to code.
 *
 * @throws {Problem} 400 with line and column of everything that is not accepted
 */
export function readExpressions(source: string, { values, structures = new Set() }: KnownNames): Step[] {
  const reading: Reading = { known: values, structures, faults: [], loops: 0, depth: 0 }
  const steps = readProgram(parse(source), reading)
  if (reading.faults.length > 0) throw templateProblem(reading.faults)
  return steps
}

function parse(source: string): hbs.AST.Program {
  const faults = tagFaults(source)
  if (faults.length > 0) throw templateProblem(faults)
  try {
    return Handlebars.parse(source)
  } catch (error) {
    throw templateProblem([syntaxFault(error)])
  }
}

function syntaxFault(error: unknown): Fault {
  const text = error instanceof Error ? error.message : String(error)
  const line = Number(/on line (\d+)/.exec(text)?.[1] ?? / - (\d+):\d+$/.exec(text)?.[1] ?? 1)
  const reason = text
    .split('\n')
    .at(-1)
    ?.replace(/ - \d+:\d+$/, '')
  return { line, message: `An expression cannot be read: ${reason}.` }
}

function readProgram(program: hbs.AST.Program | undefined, reading: Reading): Step[] {
  return (program?.body ?? []).flatMap((statement) => readStatement(statement, reading) ?? [])
}

function readStatement(node: hbs.AST.Statement, reading: Reading): Step | undefined {
  if (isText(node)) return { kind: 'text', text: node.value, line: textLine(node) }
  if (isMustache(node)) return readPrint(node, reading)
  if (isBlock(node)) return deeper(node, reading, () => readBlock(node, reading))
  if (node.type === 'CommentStatement') return undefined
  return refuse(reading, node, refusals.get(node.type) ?? 'this kind of expression is not supported')
}

const refusals: ReadonlyMap<string, string> = new Map([
  ['PartialStatement', 'partials are not supported'],
  ['PartialBlockStatement', 'partials are not supported'],
  ['Decorator', 'decorators are not supported'],
  ['DecoratorBlock', 'inline partials and decorators are not supported'],
])

function readPrint(node: hbs.AST.MustacheStatement, reading: Reading): Step | undefined {
  if (!node.escaped) return refuse(reading, node, 'raw output ({{{…}}} or {{&…}}) is not supported; use {{…}}')
  if (node.params.length > 0 || node.hash)
    return refuse(reading, node, 'only a name may be printed; helpers belong into #if, #unless and #each')
  const what = isPath(node.path) ? readPrinted(node.path, reading) : refuse(reading, node, 'only a name may be printed')
  return what && { kind: 'print', what, line: node.loc.start.line }
}

/** What has parts may be printed, and no more: no condition can ask it anything. */
function readPrinted(node: hbs.AST.PathExpression, reading: Reading): Expression | undefined {
  const name = node.original.slice(3 * node.depth)
  const isKnown = !node.data && node.original.startsWith('../'.repeat(node.depth)) && reading.structures.has(name)
  return isKnown ? { kind: 'name', name } : readPath(node, reading)
}

function readBlock(node: hbs.AST.BlockStatement, reading: Reading): Step | undefined {
  const [argument, ...more] = node.params
  const name = node.path.original
  if (name !== 'if' && name !== 'unless' && name !== 'each')
    return refuse(reading, node, `there is no block #${name}; there are #if, #unless and #each`)
  if (!argument || more.length > 0 || node.hash) return refuse(reading, node, `#${name} takes one argument`)
  if (name === 'each') return readEach(node, argument, reading)
  const test = readExpression(argument, reading)
  const [main, inverse] = [readProgram(node.program, reading), readProgram(node.inverse, reading)]
  const [whenTrue, whenFalse] = name === 'if' ? [main, inverse] : [inverse, main]
  return test && { kind: 'if', test, whenTrue, whenFalse }
}

function readEach(node: hbs.AST.BlockStatement, list: hbs.AST.Expression, reading: Reading): Step | undefined {
  const [argument, ...more] = isCall(list) && list.path.original === 'range' && !list.hash ? list.params : []
  if (!argument || more.length > 0) return refuse(reading, list, '#each takes (range count)')
  const count = readExpression(argument, reading)
  const otherwise = readProgram(node.inverse, reading)
  reading.loops += 1
  const body = readProgram(node.program, reading)
  reading.loops -= 1
  return count && { kind: 'each', count, body, otherwise, line: node.loc.start.line }
}

function readExpression(node: hbs.AST.Expression, reading: Reading): Expression | undefined {
  if (isPath(node)) return readPath(node, reading)
  if (isCall(node)) return deeper(node, reading, () => readCall(node, reading))
  if (isLiteral(node)) return { kind: 'literal', value: node.value }
  return refuse(reading, node, 'null and undefined are not supported')
}

function readCall(node: hbs.AST.SubExpression, reading: Reading): Expression | undefined {
  const name = node.path.original
  const helper = helpers.get(name)
  if (name === 'range') return refuse(reading, node, 'range may only stand in #each')
  if (!helper) return refuse(reading, node, `there is no helper "${name}"; there are ${[...helpers.keys()].join(', ')} and range`)
  const { least, most } = helper
  if (node.hash || node.params.length < least || node.params.length > most) {
    return refuse(
      reading,
      node,
      `${name} takes ${least === most ? least : `${least} to ${most}`} argument${most === 1 ? '' : 's'}`,
    )
  }
  return {
    kind: 'call',
    helper: name,
    args: node.params.flatMap((param) => readExpression(param, reading) ?? []),
    line: node.loc.start.line,
  }
}

/** A name, always of a variable or of the platform: inside `#each` too, with or without `../`. */
function readPath(node: hbs.AST.PathExpression, reading: Reading): Expression | undefined {
  const { original, depth, data } = node
  const name = data ? original.slice(1) : original.slice(3 * depth)
  if (data ? loopWords.has(name) : original === 'this') return readLoopWord(node, data ? name : 'this', reading)
  if (!data && original.startsWith('../'.repeat(depth)) && reading.known.has(name)) return { kind: 'name', name }
  return refuse(
    reading,
    node,
    `there is no value "${original}"; it is neither a variable of this template nor a value of the platform`,
  )
}

function readLoopWord(node: hbs.AST.PathExpression, word: string, reading: Reading): Expression | undefined {
  if (reading.loops === 0) return refuse(reading, node, `${node.original} may only stand inside #each`)
  return isLoopWord(word) ? { kind: 'loop', word } : undefined
}

function deeper<T>(node: hbs.AST.Node, reading: Reading, read: () => T): T | undefined {
  if (reading.depth >= deepest) return refuse(reading, node, `blocks and helpers are nested more than ${deepest} deep`)
  reading.depth += 1
  const result = read()
  reading.depth -= 1
  return result
}

function refuse(reading: Reading, { loc }: hbs.AST.Node, message: string): undefined {
  reading.faults.push({
    line: loc.start.line,
    column: loc.start.column + 1,
    message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
  })
}

/** The line on which a text begins once the line breaks around a block that stands alone are taken away. */
function textLine(node: hbs.AST.ContentStatement): number {
  const original = String(node.original)
  return node.loc.start.line + original.slice(0, Math.max(0, original.indexOf(node.value))).split('\n').length - 1
}

const isText = (node: hbs.AST.Node): node is hbs.AST.ContentStatement => node.type === 'ContentStatement'
const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement => node.type === 'MustacheStatement'
const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === 'BlockStatement'
const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === 'PathExpression'
const isCall = (node: hbs.AST.Node): node is hbs.AST.SubExpression => node.type === 'SubExpression'
const isLiteral = (node: hbs.AST.Node): node is hbs.AST.Node & { value: string | number | boolean } =>
  ['StringLiteral', 'NumberLiteral', 'BooleanLiteral'].includes(node.type)
const isLoopWord = (word: string): word is LoopWord => word === 'this' || loopWords.has(word)
