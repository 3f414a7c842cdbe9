import type { Sign } from '../sign.ts'
import { amountWords, resourceWords } from './amounts.ts'

/** What the scheduler says of a group of nodes, and what that means. */
const parts: [RegExp, (found: Record<string, string>, sign: Sign) => string][] = [
  [/^\d+ Insufficient (?<resource>\S+)$/, ({ resource = '' }, sign) => tooLittle(resource, sign)],
  [/^\d+ Too many pods$/, () => 'the nodes run as many pods as they may'],
  [
    /didn't match Pod's node affinity|didn't match node selector/,
    () => 'it wants a node of a kind that there is not (nodeSelector or affinity)',
  ],
  [
    /untolerated taint\(s\)(?: (?<taint>\{.*\}))?|untolerated taint (?<other>\{.*\})/,
    ({ taint, other }) => `nodes are kept for other work${taintWords(taint ?? other)}`,
  ],
  [/node\(s\) were unschedulable$/, () => 'nodes are closed for maintenance'],
  [/volume node affinity conflict|node\(s\) had no available volume zone/, () => 'its volume is in reach of other nodes alone'],
  [/anti-affinity|topology spread/, () => 'its pods want to be on different nodes, and there are too few'],
  [/free ports/, () => 'the port that it wants of a node is taken'],
]

/** Why no node takes a pod: `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had untolerated taint(s). preemption: …`. */
export function schedulingWords(sign: Sign): string {
  const [, list = ''] = /^\d+\/\d+ nodes are available: (.*?)(?:\. (?:no new claims|preemption)|\.?$)/.exec(sign.message) ?? []
  const known = list.split(', ').flatMap((part) => meaningOf(part, sign) ?? [])
  if (known.length === 0) return `No node can take it now: ${sign.message}`
  const isFull = /Insufficient|Too many pods/.test(list)
  const advice = isFull ? 'Ask for less, or wait until others need less.' : 'Change what it asks for, or ask an administrator.'
  return `No node can take it now: ${[...new Set(known)].join('; ')}. ${advice}`
}

function meaningOf(part: string, sign: Sign): string | undefined {
  for (const [pattern, words] of parts) {
    const found = pattern.exec(part)
    if (found) return words(found.groups ?? {}, sign)
  }
  return undefined
}

function tooLittle(resource: string, { asks = {}, free }: Sign): string {
  const asked = asks[resource]
  const most = free?.(resource)
  const wants = asked === undefined ? '' : `: it asks for ${amountWords(resource, asked)}`
  const has = most === undefined ? '' : `${wants === '' ? ':' : ','} the most that one node has free is ${most}`
  return `not enough ${resourceWords(resource)}${wants}${has}`
}

function taintWords(taint: string | undefined): string {
  return taint === undefined ? '' : ` (taint ${taint.slice(1, -1)})`
}
