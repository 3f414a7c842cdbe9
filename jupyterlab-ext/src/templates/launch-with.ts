import { InputDialog, Notification } from '@jupyterlab/apputils'
import { type FilledOffer, filledTemplates, type ListedTemplate } from '@karvdash/common'
import type { TemplateStore } from './store.ts'

export interface LaunchWithPorts {
  templates: TemplateStore
  /** Opens a template's form, with some of it filled in. */
  launch: (template: ListedTemplate, filled: Record<string, unknown>) => void
}

/** Asks for one of the templates that can, where there are several, and opens its form. */
export async function launchWith({ templates, launch }: LaunchWithPorts, title: string, offer: FilledOffer): Promise<void> {
  await templates.refresh()
  const able = filledTemplates(templates.catalogue.items, offer)
  if (able.length === 0) {
    Notification.info(offer.none, { autoClose: 5_000 })
    return
  }
  const chosen = able.length === 1 ? able[0] : await choose(title, able)
  if (chosen) launch(chosen.template, chosen.filled)
}

type Filled = ReturnType<typeof filledTemplates<ListedTemplate>>[number]

async function choose(title: string, able: Filled[]): Promise<Filled | undefined> {
  const { value } = await InputDialog.getItem({ title, items: able.map(({ template }) => template.name) })
  return able.find(({ template }) => template.name === value)
}
