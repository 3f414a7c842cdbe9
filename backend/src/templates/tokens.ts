import { randomBytes } from 'node:crypto'
import type { Value } from '@karvdash/common'
import type { Placeholders } from '../yaml.ts'

/** Values on their way through text: each print leaves a token, and reading the text puts the values back. */
export interface Tokens {
  /** The token that stands for this print of a value. */
  print(value: Value): string
  placeholders: Placeholders
}

/**
 * Makes tokens that nobody can guess and that look like a word to YAML, so that a value never takes part in the parsing of the text.
 *
 * A plain scalar that is one token takes the value with its type; in any other scalar the value is text, and nothing where it is null. Values
 * are put in once: what looks like a token within a value stays as it is.
 */
export function createTokens(): Tokens {
  const values: Value[] = []
  const marker = `Kv${randomBytes(16).toString('hex')}n`
  const token = new RegExp(`${marker}(\\d+)z`, 'g')
  const valueAt = (index: string) => values[Number(index)] ?? null
  return {
    print: (value) => `${marker}${values.push(value) - 1}z`,
    placeholders: {
      marker,
      read(scalar, plain) {
        const whole = plain ? scalar.match(new RegExp(`^${marker}(\\d+)z$`)) : null
        return whole ? valueAt(whole[1] ?? '') : scalar.replace(token, (_, index: string) => String(valueAt(index) ?? ''))
      },
    },
  }
}
