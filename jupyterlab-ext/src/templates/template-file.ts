import {
  type ConvertedTemplate,
  contract,
  idInTemplate,
  isOldTemplate,
  longestTemplate,
  Problem,
  type TransferClient,
} from '@karvdash/common'
import { element } from '../panel/element.ts'

/** A text that was imported, and what was done to it where it was one of before. */
export type Imported = Pick<ConvertedTemplate, 'source'> & Partial<Pick<ConvertedTemplate, 'report'>>

/** Lets people choose a file; undefined where they choose none. @throws Problem where it is no template and cannot become one */
export async function importTemplate(client: TransferClient): Promise<Imported | undefined> {
  const file = await chooseFile()
  return file && readTemplate(client, file)
}

/** Reads a file; a template of before is converted. @throws Problem */
export async function readTemplate(client: TransferClient, file: Pick<Blob, 'size' | 'text'>): Promise<Imported> {
  const detail = `A template has at most ${longestTemplate / 1024} KiB: this file has more.`
  // A character has four bytes at most.
  if (file.size > 4 * longestTemplate) throw new Problem(413, 'Too large', { detail })
  const source = await file.text()
  if (source.length > longestTemplate) throw new Problem(413, 'Too large', { detail })
  if (!isOldTemplate(source)) return { source }
  return client.call(contract.convertTemplate, { body: { source } })
}

/** Gives people the text of a template as a file. */
export function saveTemplateFile(source: string): void {
  const address = URL.createObjectURL(new Blob([source], { type: 'application/yaml' }))
  element('a', { href: address, download: `${idInTemplate(source) ?? 'template'}.yaml` }).click()
  URL.revokeObjectURL(address)
}

function chooseFile(): Promise<File | undefined> {
  const input = element('input', { type: 'file', accept: '.yaml,.yml' })
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(input.files?.[0]))
    input.addEventListener('cancel', () => resolve(undefined))
    input.click()
  })
}
