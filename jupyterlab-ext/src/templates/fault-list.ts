import { faultWords, placeWords, type TemplateDescription, type TemplateFault } from '@karvdash/common'
import { button, element } from '../panel/element.ts'

/** What is wrong with a text, each with the way to its line. */
export interface FaultList {
  node: HTMLElement
  show(description: TemplateDescription | undefined, faults: TemplateFault[]): void
  /** Tells something else in its place. */
  tell(words: string): void
}

/** Draws it; `goTo` puts the cursor at a fault. */
export function faultList(goTo: (fault: TemplateFault) => void): FaultList {
  const node = element('div', { class: 'jp-Karvdash-faults', role: 'status', 'aria-label': 'Faults' })
  const lineOf = (fault: TemplateFault) => {
    const place = placeWords(fault)
    if (place === undefined) return element('li', {}, faultWords(fault))
    const press = () => goTo(fault)
    const way = fault.line === undefined ? place : button(place, { class: 'jp-Karvdash-place' }, press)
    return element('li', {}, way, ` ${faultWords(fault)}`)
  }
  return {
    node,
    show(description, faults) {
      if (faults.length > 0) node.replaceChildren(element('ol', {}, ...faults.map(lineOf)))
      else node.replaceChildren(element('p', {}, fineWords(description)))
    },
    tell: (words) => node.replaceChildren(element('p', { class: 'jp-mod-error' }, words)),
  }
}

function fineWords(description: TemplateDescription | undefined): string {
  const count = description?.variables.length ?? 0
  const asks = count === 0 ? 'asks nothing' : count === 1 ? 'asks one thing' : `asks ${count} things`
  return `No faults: ${description?.name ?? 'it'} ${asks}.`
}
