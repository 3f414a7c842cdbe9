import { contract, type ListedTemplate } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'

type Said = Pick<ListedTemplate, 'id' | 'name' | 'pinned' | 'hidden'>

/** Two switches by which an administrator hides and pins a template. */
export function standingSwitches(
  { id, name, pinned, hidden = false }: Said,
  tell: (failure: unknown) => void,
  { api }: OwnContext,
): HTMLElement {
  const [pin, hide] = [ticked('Pinned', pinned, name), ticked('Hidden', hidden, name)]
  const save = async () => {
    tell(undefined)
    const body = { pinned: pin.input.checked, hidden: hide.input.checked }
    await api.call(contract.setTemplateStanding, { params: { template: id }, body }).catch((failure: unknown) => {
      pin.input.checked = pinned
      hide.input.checked = hidden
      tell(failure)
    })
  }
  for (const { input } of [pin, hide]) input.addEventListener('change', () => void save())
  return element('span', { class: 'actions' }, pin.label, hide.label)
}

function ticked(label: string, checked: boolean, name: string): { input: HTMLInputElement; label: HTMLElement } {
  const input = element('input', { type: 'checkbox', checked, 'aria-label': `${label}: ${name}` })
  return { input, label: element('label', { class: 'checkbox' }, input, label) }
}
