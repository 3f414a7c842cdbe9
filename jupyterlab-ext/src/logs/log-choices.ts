import type { Service } from '@karvdash/common'
import { element } from '../panel/element.ts'

interface Choice {
  value: string
  label: string
}

/** A choice that is called so. */
export function choices(label: string, offered: Choice[]): HTMLSelectElement {
  const options = offered.map((one) => element('option', { value: one.value }, one.label))
  return element('select', { class: 'jp-mod-styled', 'aria-label': label }, ...options)
}

/** Where lines come from: pods, and containers where a pod has several. */
export function placesOf({ pods = [] }: Pick<Service, 'pods'>): string[] {
  return pods.flatMap(({ name, containers }) => [
    ...(pods.length > 1 || containers.length === 1 ? [name] : []),
    ...(containers.length > 1 ? containers.map((container) => `${name} ${container.name}`) : []),
  ])
}

/** What a place is asked for with. */
export function placeOf(value: string): { pod?: string; container?: string } {
  const [pod = '', container = ''] = value.split(' ')
  return { ...(pod !== '' && { pod }), ...(container !== '' && { container }) }
}

/** Offers these places, and the chosen one even where it is gone: its log may still be there. */
export function offer(control: HTMLSelectElement, all: string, places: string[]): void {
  const chosen = control.value
  const offered = [...new Set(['', ...places, chosen])]
  if ([...control.options].map(({ value }) => value).join('\n') === offered.join('\n')) return
  control.replaceChildren(...offered.map((value) => element('option', { value }, value === '' ? all : value.replace(' ', ' · '))))
  control.value = chosen
}
