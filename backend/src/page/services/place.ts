import type { Service } from '@karvdash/common'
import { arrange, element } from '../element.ts'
import { type DrawnField, drawField } from '../field.ts'

/** A choice of pod and container. */
export interface Place {
  nodes: HTMLElement[]
  chosen(): { pod?: string; container?: string }
  onChange(then: () => void): void
  /** Takes what there is to choose from. */
  show(service: Service): void
}

export interface PlacePlan {
  pod?: string
  container?: string
  /** The words for no choice. */
  all: string
}

/** Lets people choose a pod and a container of a service, from those that are there. */
export function drawPlace({ pod = '', container = '', all }: PlacePlan): Place {
  const draw = (label: string, value: string) => {
    const choices = [{ value: '', label: all }, ...(value === '' ? [] : [{ value, label: value }])]
    return drawField({ pointer: `/${label}`, label, kind: 'select', value, choices })
  }
  const [pods, containers] = [draw('Pod', pod), draw('Container', container)]
  return {
    nodes: [pods.node, containers.node],
    chosen: () => ({ ...(pods.text() && { pod: pods.text() }), ...(containers.text() && { container: containers.text() }) }),
    onChange(then) {
      for (const { control } of [pods, containers]) control.addEventListener('change', then)
    },
    show({ pods: there = [] }) {
      offer(
        pods,
        all,
        there.map(({ name }) => name),
      )
      offer(containers, all, [...new Set(there.flatMap((one) => one.containers.map(({ name }) => name)))])
    },
  }
}

/** Offers these, and what was chosen even where it is gone: its log may still be there. */
function offer({ control }: DrawnField, all: string, names: string[]): void {
  if (!(control instanceof HTMLSelectElement)) return
  const chosen = control.value
  const offered = ['', ...new Set([...names, ...(chosen === '' ? [] : [chosen])])]
  if ([...control.options].map(({ value }) => value).join(' ') === offered.join(' ')) return
  arrange(
    control,
    offered.map((value) => element('option', { value }, value === '' ? all : value)),
  )
  control.value = chosen
}
