import { setText } from './element.ts'

/** Shows on a button that its work is under way, and refuses a second press; the button keeps the focus. */
export async function whileBusy(button: HTMLButtonElement, label: string, work: () => Promise<void>): Promise<void> {
  if (isBusy(button)) return
  const before = button.textContent ?? ''
  button.setAttribute('aria-disabled', 'true')
  button.setAttribute('aria-busy', 'true')
  setText(button, label)
  try {
    await work()
  } finally {
    button.removeAttribute('aria-disabled')
    button.removeAttribute('aria-busy')
    if (button.textContent === label) setText(button, before)
  }
}

/** Whether a button's work is under way. */
export function isBusy(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-busy') === 'true'
}
