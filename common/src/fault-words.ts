import type { TemplateFault } from './preview.ts'

/** A fault as a sentence: what it is about, then what is wrong. */
export function faultWords({ kind, name, path, message }: TemplateFault): string {
  const object = [kind, name].filter((word) => word !== undefined).join(' ')
  const place = [object, path].filter((part) => part !== undefined && part !== '').join(', ')
  return place === '' ? message : `${place}: ${message}`
}

/** Where in the text it is; none where nobody knows. */
export function placeWords({ document, line, column }: TemplateFault): string | undefined {
  if (line !== undefined) return `Line ${line}${column === undefined ? '' : `, column ${column}`}`
  return document === undefined ? undefined : `Document ${document}`
}
