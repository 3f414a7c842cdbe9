import { contract, type ListedTemplate, namePointer, type Preview, Problem, ServiceName } from '@karvdash/common'
import { ProgressLocation, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { answeredValues, launchSteps } from '../services/launch-steps.ts'
import { askAndSend } from '../services/questions.ts'
import type { ShownTexts } from '../shown-text.ts'
import { previewText } from './preview-text.ts'

export interface PreviewPorts {
  connection: Connection
  texts: ShownTexts
}

/** Shows what a template would create, and what the cluster says to it: with its defaults, or with answers where it has to ask. */
export async function preview({ connection, texts }: PreviewPorts, template: ListedTemplate): Promise<void> {
  const render = (body: { name?: string; values: Record<string, unknown> }): Thenable<Preview> =>
    window.withProgress({ location: ProgressLocation.Window, title: 'Asking the cluster' }, () =>
      connection.with(({ client }) =>
        client.call(contract.renderTemplate, { params: { template: template.id }, body: { ...body, dryRun: 'server' } }),
      ),
    )
  const found = (await withDefaults(render)) ?? (await withAnswers(connection, template, render))
  if (found) await texts.show({ name: `${template.id}.preview.yaml`, text: previewText(found) })
}

type Render = (body: { name?: string; values: Record<string, unknown> }) => Thenable<Preview>

async function withDefaults(render: Render): Promise<Preview | undefined> {
  try {
    return await render({ values: {} })
  } catch (failure) {
    const isLacking = failure instanceof Problem && failure.errors?.some(({ pointer }) => pointer.startsWith('/values/'))
    if (isLacking) return undefined
    throw failure
  }
}

async function withAnswers(connection: Connection, template: ListedTemplate, render: Render): Promise<Preview | undefined> {
  const questions = {
    title: `Preview ${template.name}`,
    verb: 'Preview',
    template,
    steps: launchSteps(template),
    before: 0,
    connection,
  }
  const outcome = await askAndSend(questions, (answers) => {
    const name = ServiceName.safeParse(answers.get(namePointer)?.trim())
    return render({ ...(name.success && { name: name.data }), values: answeredValues(template, answers) })
  })
  return outcome.kind === 'done' ? outcome.value : undefined
}
