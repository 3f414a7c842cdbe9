import { faultWords, type Preview } from '@karvdash/common'

/** What a launch would create, as YAML; what the cluster says to it, and what it would use, stand above in comments. */
export function previewText({ yaml, asks, faults }: Preview): string {
  const uses = Object.entries(asks).flatMap(([resource, amount]) => (amount === '0' ? [] : [`${resource} ${amount}`]))
  const opinion =
    faults.length === 0
      ? ['The cluster would take all of it.']
      : ['The cluster would refuse this:', ...faults.map((fault) => `  - ${faultWords(fault)}`)]
  const said = [...opinion, ...(uses.length > 0 ? [`It would use ${uses.join(', ')}.`] : [])]
  return `${said
    .flatMap((text) => text.split(/[\r\n\u0085\u2028\u2029]+/))
    .map((line) => `# ${line}\n`)
    .join('')}\n${yaml}`
}
