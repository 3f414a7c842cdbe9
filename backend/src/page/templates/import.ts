import { contract, isOldTemplate, longestTemplate, Problem } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { button, element } from '../element.ts'
import type { TemplateHome } from '../routes.ts'
import { keepText } from './draft.ts'

/** A button that opens a file in the editor; one of the kind that Karvdash had before is converted, and people are told what was done to it. */
export function importButton(home: TemplateHome, tell: (failure: unknown) => void, context: OwnContext): HTMLElement {
  const input = element('input', {
    type: 'file',
    accept: '.yaml,.yml',
    hidden: true,
    'aria-label': 'Template file',
    tabindex: -1,
  })
  const pressed = button('Import a file', {}, () => input.click())
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    // The same file may be chosen again.
    input.value = ''
    if (!file) return
    tell(undefined)
    void whileBusy(pressed, 'Reading …', async () => {
      try {
        keepText(await read(file, context))
        context.go({ screen: 'template', home })
      } catch (failure) {
        tell(failure)
      }
    })
  })
  return element('span', {}, pressed, input)
}

async function read(file: File, { api }: OwnContext): Promise<{ source: string; report: string[] }> {
  const tooLong = new Problem(413, 'Too large', {
    detail: `A template has at most ${longestTemplate / 1024} KiB: this file has more.`,
  })
  if (file.size > 4 * longestTemplate) throw tooLong
  const source = await file.text()
  if (source.length > longestTemplate) throw tooLong
  if (!isOldTemplate(source)) return { source, report: [] }
  return api.call(contract.convertTemplate, { body: { source } })
}
