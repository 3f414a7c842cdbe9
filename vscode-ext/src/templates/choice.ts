import type { BrokenTemplate, ListedTemplate } from '@karvdash/common'
import { Uri, window } from 'vscode'
import { markOf } from '../services/mark.ts'
import { templateOf, templateScheme } from './template-address.ts'
import type { Shelved, TemplateStore } from './template-store.ts'

/** What the menus hand over: a template of the view, or the address of an open one. The palette hands over nothing. */
export type Clicked = Shelved | Uri | undefined

/** Which templates a question is about. */
export type Wanted = 'all' | 'sound' | 'own'

const none: Record<Wanted, string> = {
  all: 'There is no template.',
  sound: 'There is no template that can be used.',
  own: 'You have no templates of your own: New Template… makes one.',
}

/** The template that was clicked or is open, as it is listed now; who clicked on none is asked. */
export async function chooseTemplate(
  store: TemplateStore,
  clicked: Clicked,
  [wanted, which]: [Wanted, string],
): Promise<ListedTemplate | BrokenTemplate | undefined> {
  const id = idOf(clicked)
  await store.refresh()
  const all = store.all().filter((one) => isWanted(one, wanted))
  if (id !== undefined) return all.find(({ template }) => template.id === id)?.template
  if (all.length === 0) return void window.showInformationMessage(none[wanted])
  return (await window.showQuickPick(all.map(optionOf), { placeHolder: which, matchOnDetail: true }))?.template
}

/** Whether a template can be launched. */
export function isSound(template: ListedTemplate | BrokenTemplate): template is ListedTemplate {
  return 'name' in template
}

function idOf(clicked: Clicked): string | undefined {
  if (clicked instanceof Uri) return templateOf(clicked.path)
  if (clicked !== undefined) return clicked.template.id
  const shown = window.activeTextEditor?.document.uri
  return shown?.scheme === templateScheme ? templateOf(shown.path) : undefined
}

function isWanted({ kind, template }: Shelved, wanted: Wanted): boolean {
  return wanted === 'own' ? template.origin === 'own' : wanted === 'all' || kind === 'template'
}

function optionOf({ kind, template }: Shelved) {
  if (kind === 'broken') return { label: template.id, description: 'cannot be used', template }
  const mark = markOf(template)
  return { label: template.name, detail: template.description, ...(mark !== undefined && { description: mark }), template }
}
