import { button, element, setText } from './element.ts'

/** A secret, or an address that is one, as it is shown this once. */
export interface ShownOnce {
  /** What it is, and that it does not come back. */
  text: string
  value: string
  /** What the field is called for people who do not see the page. */
  label: string
}

/** Draws it with a button that copies it. */
export function shownOnce({ text, value, label }: ShownOnce): HTMLElement {
  const field = element('input', { readonly: true, value, 'aria-label': label, class: 'secret', autocomplete: 'off' })
  field.addEventListener('focus', () => field.select())
  const copy = button('Copy', {}, () => void copyFrom(field, copy))
  return element('div', { class: 'notice' }, element('p', {}, text), element('div', { class: 'secret-row' }, field, copy))
}

async function copyFrom(field: HTMLInputElement, copy: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(field.value)
    setText(copy, 'Copied')
  } catch {
    // A browser may refuse: then the secret is selected, and people copy it themselves.
    field.focus()
  }
}
