import { contract } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'

/** Gives people the text of a template as a file. */
export async function exportTemplate(id: string, { api }: OwnContext): Promise<void> {
  const { source } = await api.call(contract.getTemplateText, { params: { template: id } })
  saveFile(`${id}.yaml`, source)
}

/** Gives people a text as a file. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
  element('a', { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}
