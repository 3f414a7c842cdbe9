import { byHeading, type ListedTemplate, type SavedLaunch } from '@karvdash/common'
import { QuickPickItemKind } from 'vscode'
import type { Option } from '../quick-input.ts'
import { markOf } from './mark.ts'

/** Something that may be launched. */
export interface Offer {
  template: ListedTemplate
  saved?: SavedLaunch
}

/** What is offered: launches that were saved, then templates in their groups. */
export function offers(templates: ListedTemplate[], launches: SavedLaunch[]): Option<Offer | undefined>[] {
  const saved = launches.flatMap((launch) => {
    const template = templates.find(({ id }) => id === launch.template)
    return template
      ? [{ label: launch.label, detail: `${template.name}, as you saved it`, value: { template, saved: launch } }]
      : []
  })
  const all = [...byHeading(templates)].flatMap(([label, group]) => [
    heading(label),
    ...group.map((template) => ({ ...lookOf(template), value: { template } })),
  ])
  return saved.length === 0 ? all : [heading('Saved launches'), ...saved, ...all]
}

function lookOf(template: ListedTemplate) {
  const mark = markOf(template)
  return { label: template.name, detail: template.description, ...(mark !== undefined && { description: mark }) }
}

function heading(label: string): Option<undefined> {
  return { label, kind: QuickPickItemKind.Separator, value: undefined }
}
