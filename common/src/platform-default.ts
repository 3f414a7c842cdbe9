/** The values of the platform that defaults may be made of. */
export interface DefaultValues {
  user: string
  namespace: string
  /** Host of the registry; '' where there is none. */
  registry: string
}

const expression = /(?<!\{)\{\{\s*([a-zA-Z.]+)\s*\}\}(?!\})/g
// As people write an entry: where a container has it is another matter.
const domains = { 'domains.local': '/local', 'domains.remote': '/remote', 'domains.shared': '/shared' }
const sample: DefaultValues = { user: 'sample', namespace: 'karvdash-sample', registry: 'registry.example.org' }

/** Fills in the platform's values: `{{user}}`, `{{namespace}}`, `{{registry}}`, `{{domains.local}}` and the like. */
export function filledDefault(text: string, { user, namespace, registry }: DefaultValues = sample): string {
  const known = new Map(Object.entries({ user, namespace, registry, ...domains }))
  return text.replace(expression, (whole, name: string) => known.get(name) ?? whole)
}

/** Says what is wrong with the expressions of a default; undefined where nothing is. */
export function defaultExpressionFault(text: string): string | undefined {
  if (!filledDefault(text).includes('{{')) return undefined
  return 'may have {{user}}, {{namespace}}, {{registry}}, {{domains.local}}, {{domains.remote}} and {{domains.shared}} alone'
}
