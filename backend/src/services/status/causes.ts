import type { Cause, ServiceState } from '@karvdash/common'
import { containerRows } from './catalogue/containers.ts'
import { imageRows } from './catalogue/images.ts'
import { nodeRows } from './catalogue/nodes.ts'
import { refusalRows } from './catalogue/refusals.ts'
import { plain } from './plain.ts'
import type { Row, Sign } from './sign.ts'

/** What a sign means. */
export interface Told {
  cause: Cause
  state: ServiceState
  reason: string
}

/** All causes that are known; of the rows that fit a sign, the first one tells. */
export const catalogue: readonly Row[] = [...imageRows, ...containerRows, ...nodeRows, ...refusalRows]

/** The most characters of a reason. */
const longestReason = 600

/** What a sign means, by the catalogue; undefined where no row fits. */
export function told(sign: Sign): Told | undefined {
  for (const { cause, seen, reason, message, where, state, words } of catalogue) {
    if (seen !== sign.seen || (reason && !reason.includes(sign.reason)) || (where && !where(sign))) continue
    const found = message ? message.exec(sign.message) : undefined
    if (found === null) continue
    return { cause, state, reason: plain(words(sign, found?.groups ?? {}), longestReason) }
  }
  return undefined
}
