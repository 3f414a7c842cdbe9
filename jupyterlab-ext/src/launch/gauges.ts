import { contract, type Gauge, gaugeOf, type TransferClient } from '@karvdash/common'
import { element } from '../panel/element.ts'

/** A launch as it is entered. */
export interface Draft {
  name?: string
  values: Record<string, unknown>
}

/** Gauges of the own quota beside a form. */
export interface Gauges {
  node: HTMLElement
  /** Something was entered. */
  look(): void
  dispose(): void
}

/** Whoever types is not asked after each key. */
const restMs = 400

/** Draws what a launch would use of the own quota: what is used, what it asks for, what is left; `draft` has none while something is wrong with it. */
export function drawGauges(client: TransferClient, template: string, draft: () => Draft | undefined): Gauges {
  const node = element('div', { class: 'jp-Karvdash-gauges', role: 'group', 'aria-label': 'Your quota', hidden: true })
  const life = new AbortController()
  const { signal } = life
  let alarm: ReturnType<typeof setTimeout> | undefined
  let asking = 0
  async function ask(): Promise<void> {
    const body = draft()
    if (!body) return
    const mine = ++asking
    const [{ items }, { asks }] = await Promise.all([
      client.call(contract.listResources, {}, { signal }),
      client.call(contract.renderTemplate, { params: { template }, body }, { signal }),
    ])
    if (mine !== asking || signal.aborted) return
    const gauges = items.flatMap((resource) => gaugeOf(resource, asks[resource.resource] ?? '0') ?? [])
    node.replaceChildren(...gauges.map(drawGauge))
    node.hidden = gauges.length === 0
  }
  return {
    node,
    look() {
      clearTimeout(alarm)
      // What cannot be asked now is told by the launch itself, in words.
      alarm = setTimeout(() => void ask().catch(() => undefined), restMs)
    },
    dispose() {
      clearTimeout(alarm)
      life.abort()
    },
  }
}

function drawGauge({ label, words, usedPercent, askedPercent, isTooMuch }: Gauge): HTMLElement {
  const share = (look: string, percent: number) => {
    const part = element('span', { class: look })
    part.style.width = `${percent}%`
    return part
  }
  const bar = element(
    'span',
    { class: 'jp-Karvdash-gaugeBar', 'aria-hidden': 'true' },
    share('jp-Karvdash-gaugeUsed', usedPercent),
    share('jp-Karvdash-gaugeAsked', askedPercent),
  )
  const head = element('p', {}, element('strong', {}, label), ' ', element('span', { class: 'jp-Karvdash-hint' }, words))
  return element('div', { class: isTooMuch ? 'jp-Karvdash-gauge jp-mod-error' : 'jp-Karvdash-gauge' }, head, bar)
}
