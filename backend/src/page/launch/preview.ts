import { contract, faultWords, type Preview, type TemplateFault } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'

/** A launch as it is entered. */
interface Draft {
  name?: string
  values: Record<string, unknown>
}

/** Shows what a launch would create, and what the cluster has against it. @throws Problem with the fields that are wrong */
export async function showPreview(template: string, { name, values }: Draft, { api, signal }: OwnContext): Promise<void> {
  const body = { ...(name !== undefined && { name }), values, dryRun: 'server' as const }
  showObjects(await api.call(contract.renderTemplate, { params: { template }, body }, { signal }))
}

/** Shows the same of a text that is not kept yet. @throws Problem with its faults */
export async function showDraftPreview(source: string, { api, signal }: OwnContext): Promise<void> {
  showObjects(await api.call(contract.previewTemplate, { body: { source, values: {}, dryRun: 'server' } }, { signal }))
}

function showObjects({ yaml, faults }: Preview): void {
  openText({ title: 'What it would create', about: opinion(faults), text: yaml })
}

/** Shows a long text in a window. */
export function openText({ title, about, text }: { title: string; about: HTMLElement; text: string }): void {
  const pre = element('pre', { class: 'commands long-text', tabindex: 0, 'aria-label': title }, text)
  const close = button('Close', { class: 'primary', autofocus: true }, () => dialog.close())
  const dialog = openDialog(title, about, pre, element('div', { class: 'actions' }, close))
  dialog.node.classList.add('wide-dialog')
}

/** What the cluster says to it. */
export function opinion(faults: TemplateFault[]): HTMLElement {
  if (faults.length === 0) return element('p', { class: 'done' }, 'The cluster would take all of it.')
  const items = faults.map((fault) => element('li', {}, faultWords(fault)))
  return element(
    'div',
    { class: 'form-alert' },
    element('p', {}, 'The cluster would refuse this:'),
    element('ul', { class: 'losses' }, ...items),
  )
}
