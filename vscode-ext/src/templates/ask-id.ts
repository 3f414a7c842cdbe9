import { TemplateId } from '@karvdash/common'
import { window } from 'vscode'
import type { TemplateStore } from './template-store.ts'

/** Asks for an id that no template has. */
export function askId(value: string, store: TemplateStore): Thenable<string | undefined> {
  const taken = new Set(store.all().map(({ template }) => template.id))
  const faultOf = (id: string) =>
    taken.has(id) ? `There is a template "${id}" already.` : TemplateId.safeParse(id).error?.issues[0]?.message
  const prompt = 'The id of your template: lower-case letters, digits and hyphens. It cannot be changed later.'
  return window.showInputBox({ title: 'New Template: Id', prompt, value, ignoreFocusOut: true, validateInput: faultOf })
}
