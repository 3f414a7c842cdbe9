type Json = null | boolean | number | string | Json[] | { [name: string]: Json | undefined }
type JsonObject = { [name: string]: Json | undefined }

/** A notebook with nothing in it. */
export const emptyNotebook: JsonObject = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }

/** Reads a notebook file; texts that are lists of lines become one string, as the Jupyter server gives them. @throws SyntaxError */
export function readNotebook(text: string): JsonObject {
  const notebook: unknown = JSON.parse(text)
  if (!isObject(notebook) || typeof notebook['nbformat'] !== 'number') throw new SyntaxError('not a notebook')
  return withTexts(notebook, (value) => (Array.isArray(value) && value.every(isString) ? value.join('') : value))
}

/** Writes a notebook file with the very bytes that the Jupyter server would write: lists of lines, sorted names, an indent of one. */
export function writeNotebook(notebook: unknown): string {
  if (!isObject(notebook)) throw new SyntaxError('not a notebook')
  const split = withTexts(notebook, (value) => (isString(value) ? (value.match(/[^\n]*\n|[^\n]+$/g) ?? []) : value))
  return `${JSON.stringify(sorted(split), null, 1)}\n`
}

/** Changes each text that nbformat 4 lets be a list of lines. */
function withTexts(notebook: JsonObject, change: (value: Json) => Json): JsonObject {
  const { cells } = notebook
  return {
    ...notebook,
    ...(Array.isArray(cells) && { cells: cells.map((cell) => (isObject(cell) ? inCell(cell, change) : cell)) }),
  }
}

function inCell(cell: JsonObject, change: (value: Json) => Json): JsonObject {
  const { source, outputs, attachments } = cell
  return {
    ...cell,
    ...(source !== undefined && { source: change(source) }),
    ...(Array.isArray(outputs) && { outputs: outputs.map((output) => (isObject(output) ? inOutput(output, change) : output)) }),
    ...(isObject(attachments) && { attachments: mapped(attachments, (bundle) => inBundle(bundle, change)) }),
  }
}

function inOutput(output: JsonObject, change: (value: Json) => Json): JsonObject {
  const { text, data } = output
  return {
    ...output,
    ...(text !== undefined && { text: change(text) }),
    ...(data !== undefined && { data: inBundle(data, change) }),
  }
}

function inBundle(bundle: Json, change: (value: Json) => Json): Json {
  if (!isObject(bundle)) return bundle
  return mapped(bundle, (value, type) => (/^application\/(.*\+)?json$/.test(type) ? value : change(value)))
}

function mapped(object: JsonObject, change: (value: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value ?? null, name)]))
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const names = Object.keys(value).filter((name) => value[name] !== undefined)
  return Object.fromEntries(names.sort().map((name) => [name, sorted(value[name] ?? null)]))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}
