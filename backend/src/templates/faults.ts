import { invalid, Problem, type TemplateFault } from '@karvdash/common'

/** What is wrong with a template, and where in its text; both count from 1. */
export interface Fault {
  line: number
  column?: number | undefined
  /** Where in its document, as Kubernetes writes it: `metadata.labels`. */
  path?: string | undefined
  message: string
}

const mostFaults = 20

/** The Problem that tells an author what is wrong with the text of a template. */
export function templateProblem(faults: readonly Fault[]): Problem {
  const errors = faults.slice(0, mostFaults).map(({ message, ...place }) => ({
    pointer: '/source',
    detail: `${placeOf(place)}: ${message}`,
    ...place,
  }))
  return invalid(errors, `The template cannot be used. ${errors.map((error) => error.detail).join(' ')}`)
}

/** Does what may find faults in the text of a template, and says of each in which document it is. @throws Problem */
export function inDocumentsOf<T>(source: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Problem) || !error.errors?.some(({ line }) => line !== undefined)) throw error
    const errors = error.errors.map((fault) => ({
      ...fault,
      ...(fault.line !== undefined && { document: documentAt(source, fault.line) }),
    }))
    throw new Problem(error.status, error.title, { detail: error.detail, errors, cause: error })
  }
}

/** In which document of a text a line is, counted from 1. */
export function documentAt(source: string, line: number): number {
  const before = source.split('\n').slice(0, line)
  const separators = before.flatMap((text, index) => (/^---(?:\s|$)/.test(text) ? [index] : []))
  // A separator on top begins the first document, and divides nothing.
  const isFirst = before.slice(0, separators[0]).every((text) => /^\s*(#.*)?$/.test(text))
  return separators.length + (separators.length > 0 && isFirst ? 0 : 1)
}

function placeOf({ line, column }: Pick<Fault, 'line' | 'column'>): string {
  return column === undefined ? `Line ${line}` : `Line ${line}, column ${column}`
}

/** What is wrong with a template, as the Problem tells it that reading it threw. @throws anything else */
export function faultsOf(error: unknown): TemplateFault[] {
  if (!(error instanceof Problem) || !error.errors) throw error
  return error.errors.map(({ detail, document, path, line, column }) => {
    const place = line === undefined ? '' : `${placeOf({ line, column })}: `
    const message = detail.startsWith(place) ? detail.slice(place.length) : detail
    return { message, ...defined({ document, path, line, column }) }
  })
}

function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
