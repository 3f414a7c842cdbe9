import { contract, type Gauge, gaugeOf } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { arrange, drawn, element } from '../element.ts'
import { afterPress } from '../form.ts'

/** What the gauges stand for. */
export interface GaugesPlan {
  template: string
  /** The launch as it is entered; undefined while something is wrong with it. */
  draft: () => { name?: string; values: Record<string, unknown> } | undefined
}

/** Whoever types is not asked after each key. */
const restMs = 400

/** Draws what a launch would use of one's quota: what is used, what it asks for, what is left. */
export function drawGauges(
  { template, draft }: GaugesPlan,
  { api, signal }: OwnContext,
): { node: HTMLElement; follow(form: HTMLElement): void } {
  const node = element('div', { class: 'gauges', role: 'group', 'aria-label': 'Your quota' })
  let alarm: ReturnType<typeof setTimeout> | undefined
  let asking = 0
  async function look(): Promise<void> {
    const body = draft()
    if (!body) return
    const mine = ++asking
    const [{ items }, { asks }] = await Promise.all([
      api.call(contract.listResources, {}, { signal }),
      api.call(contract.renderTemplate, { params: { template }, body: { ...named(body), values: body.values } }, { signal }),
    ])
    if (mine !== asking || signal.aborted) return
    const shown = items.flatMap((resource) => gaugeOf(resource, asks[resource.resource] ?? '0') ?? [])
    afterPress(() => arrange(node, shown.map(drawGauge)))
  }
  // What cannot be asked now is told by the launch itself, in words.
  const ask = () => void look().catch(() => undefined)
  signal.addEventListener('abort', () => clearTimeout(alarm))
  return {
    node,
    follow(form) {
      form.addEventListener('input', () => {
        clearTimeout(alarm)
        alarm = setTimeout(ask, restMs)
      })
      ask()
    },
  }
}

function named({ name }: { name?: string }): { name?: string } {
  return name === undefined ? {} : { name }
}

function drawGauge({ label, words, usedPercent, askedPercent, isTooMuch }: Gauge): HTMLElement {
  const bar = drawn(
    'svg',
    { class: 'gauge-bar', 'aria-hidden': 'true', focusable: 'false' },
    drawn('rect', { class: 'gauge-used', width: `${usedPercent}%`, height: '100%' }),
    drawn('rect', { class: 'gauge-asked', x: `${usedPercent}%`, width: `${askedPercent}%`, height: '100%' }),
  )
  const head = element('p', {}, element('strong', {}, label), ' ', element('span', { class: 'about' }, words))
  return element('div', { class: isTooMuch ? 'gauge too-much' : 'gauge' }, head, bar)
}
