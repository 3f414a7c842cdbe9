import { invalid, type Problem } from '@karvdash/common'

/** What is wrong with a template, and where in its text; both count from 1. */
export interface Fault {
  line: number
  column?: number | undefined
  message: string
}

const mostFaults = 20

/** The Problem that tells an author what is wrong with the text of a template. */
export function templateProblem(faults: readonly Fault[]): Problem {
  const errors = faults
    .slice(0, mostFaults)
    .map((fault) => ({ pointer: '/source', detail: `${placeOf(fault)}: ${fault.message}` }))
  return invalid(errors, `The template cannot be used. ${errors.map((error) => error.detail).join(' ')}`)
}

function placeOf({ line, column }: Fault): string {
  return column === undefined ? `Line ${line}` : `Line ${line}, column ${column}`
}
