import { element } from '../element.ts'

const pauseMs = 250

/** A field that tells what is looked for, once nobody types for a moment. */
export function searchField(label: string, onSearch: (text: string) => void): HTMLInputElement {
  const input = element('input', { type: 'search', 'aria-label': label, placeholder: label, maxlength: 200, autocomplete: 'off' })
  let timer: ReturnType<typeof setTimeout> | undefined
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => onSearch(input.value.trim()), pauseMs)
  })
  return input
}
