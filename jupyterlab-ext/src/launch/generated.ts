import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils'
import type { GeneratedPassword } from '@karvdash/common'
import { Widget } from '@lumino/widgets'
import { button, element, setText } from '../panel/element.ts'

/** Shows the passwords that were made for a service: they do not come back. */
export async function showGenerated(service: string, generated: GeneratedPassword[]): Promise<void> {
  const about = `Made for ${service}, and shown this once. Keep what you need.`
  const body = new Widget({ node: element('div', { class: 'jp-Karvdash' }, element('p', {}, about), ...generated.map(drawOne)) })
  await showDialog({ title: 'Passwords', body, buttons: [Dialog.okButton({ label: 'Done' })], hasClose: false })
}

function drawOne({ label, value }: GeneratedPassword): HTMLElement {
  const field = element('input', { readonly: true, value, class: 'jp-mod-styled', 'aria-label': label, autocomplete: 'off' })
  field.addEventListener('focus', () => field.select())
  const copy: HTMLButtonElement = button('Copy', { 'aria-label': `Copy ${label}` }, () => {
    Clipboard.copyToSystem(value)
    setText(copy, 'Copied')
  })
  const row = element('div', { class: 'jp-Karvdash-secret' }, field, copy)
  return element('div', { class: 'jp-Karvdash-field' }, element('strong', {}, label), row)
}
