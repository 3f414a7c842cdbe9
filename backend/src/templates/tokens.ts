import { randomBytes } from 'node:crypto'
import type { Value } from '@karvdash/common'
import type { Placeholders } from '../yaml.ts'
import { templateProblem } from './faults.ts'
import { isStructure, type Printable } from './structure.ts'

/** Values on their way through text: each print leaves a token, and reading the text puts the values back. */
export interface Tokens {
  /** The token that stands for this print of a value, on this line of the template. */
  print(value: Printable, line: number): string
  placeholders: Placeholders
}

/**
 * Makes tokens that nobody can guess and that look like a word to YAML, so that a value never takes part in the parsing of the text.
 *
 * A plain scalar that is one token takes the value with its type; in any other scalar the value is text, and nothing where it is null. Values
 * are put in once: what looks like a token within a value stays as it is. A structure of the administrator's may stand where its one token is a plain
 * scalar, and nowhere else: {@link Placeholders.read} throws a Problem for others.
 */
export function createTokens(): Tokens {
  const printed: { value: Printable; line: number }[] = []
  const marker = `Kv${randomBytes(16).toString('hex')}n`
  const token = new RegExp(`${marker}(\\d+)z`, 'g')
  const alone = new RegExp(`^${marker}(\\d+)z$`)
  const at = (index: string) => printed[Number(index)] ?? { value: null, line: 1 }
  return {
    print: (value, line) => `${marker}${printed.push({ value, line }) - 1}z`,
    placeholders: {
      marker,
      read(scalar, plain) {
        const [, whole] = (plain && alone.exec(scalar)) || []
        if (whole === undefined) return scalar.replace(token, (_, index: string) => String(scalarOf(at(index)) ?? ''))
        const { value } = at(whole)
        return isStructure(value) ? structuredClone(value.structure) : value
      },
    },
  }
}

function scalarOf({ value, line }: { value: Printable; line: number }): Value {
  if (!isStructure(value)) return value
  const message = 'This value has parts (a mapping or a list): it must be a whole value by itself, without quotes or other text.'
  throw templateProblem([{ line, message }])
}
