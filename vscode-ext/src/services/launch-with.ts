import { contract, type FilledOffer, filledTemplates, type ListedTemplate } from '@karvdash/common'
import { window } from 'vscode'
import type { Connection } from '../connection/connection.ts'

export interface LaunchWithPorts {
  connection: Connection
  /** Launches a template with some of its values. */
  launch: (template: ListedTemplate, filled: Record<string, unknown>) => Promise<void>
}

/** Asks for one of the templates that can, where there are several, and then its questions. */
export async function launchWith({ connection, launch }: LaunchWithPorts, title: string, offer: FilledOffer): Promise<void> {
  const { items } = await connection.with(({ client }) => client.call(contract.listTemplates))
  const able = filledTemplates(items, offer).map((one) => ({
    label: one.template.name,
    detail: one.template.description,
    ...one,
  }))
  if (able.length === 0) return void window.showInformationMessage(offer.none)
  const chosen = able.length === 1 ? able[0] : await window.showQuickPick(able, { title, placeHolder: 'Which template' })
  if (chosen) await launch(chosen.template, chosen.filled)
}
