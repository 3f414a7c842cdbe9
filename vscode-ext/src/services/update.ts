import { contract, type Launched, type ObjectChange, type Service, type TemplateDescription, type Values } from '@karvdash/common'
import type { Connection } from '../connection/connection.ts'
import { askChoice } from '../quick-input.ts'
import type { ShownTexts } from '../shown-text.ts'
import { diffText } from './diff-text.ts'
import { updatedValues, updateSteps } from './launch-steps.ts'
import { askAndSend, type Outcome, type Send } from './questions.ts'

export interface UpdatePorts {
  connection: Connection
  texts: ShownTexts
}

/** Asks the questions of a service's template with its values, shows what would change, and changes it. */
export async function update({ connection, texts }: UpdatePorts, { name }: Service): Promise<Outcome<Launched | undefined>> {
  const params = { service: name }
  const { launch, template } = await connection.with(async ({ client }) => {
    const launch = await client.call(contract.getServiceLaunch, { params })
    return { launch, template: await client.call(contract.getTemplate, { params: { template: launch.template } }) }
  })
  const ask = (values: Values, dryRun: boolean) =>
    connection.with(({ client }) => client.call(contract.updateService, { params, body: { values, dryRun } }))
  const send: Send<Launched | undefined> = async (answers) => {
    const values = updatedValues(template, answers)
    const { changes } = await ask(values, true)
    const decided = await decide({ service: name, template, isNewer: launch.isNewer, changes }, texts)
    if (decided !== 'update') return decided === 'back' ? 'again' : undefined
    return (await ask(values, false)).service
  }
  const steps = updateSteps(template, launch.values)
  const title = `Update ${name}`
  return askAndSend({ title, verb: 'Show what changes', template, steps, before: 0, connection }, send)
}

interface Deciding {
  service: string
  template: TemplateDescription
  isNewer: boolean
  changes: ObjectChange[]
}

/** Shows what changes, in a document, and asks what to do. */
async function decide(
  { service, template, isNewer, changes }: Deciding,
  texts: ShownTexts,
): Promise<'update' | 'back' | 'leave'> {
  const steps = template.variables.length
  const place = { title: `Update ${service}: What changes`, step: steps + 1, totalSteps: steps + 1 }
  const leave = { label: 'Leave it as it is', value: 'leave' as const }
  const apply = {
    label: changes.length === 1 ? 'Change this object' : `Change these ${changes.length} objects`,
    description: changes.map(({ kind, name }) => `${kind} ${name}`).join(', '),
    detail: 'If it does not get ready with this, it is taken back by itself, and you are told.',
    value: 'update' as const,
  }
  if (changes.length > 0) await texts.show({ name: `${service}.diff`, text: diffText(changes), language: 'diff', isBeside: true })
  const newer = isNewer ? ' The template is another one since, and is taken as it is now.' : ''
  const prompt =
    changes.length > 0 ? `Look at what changes, then decide.${newer}` : 'Nothing changes: it is as you want it already.'
  const answer = await askChoice(place, prompt, changes.length > 0 ? [apply, leave] : [leave])
  return answer.kind === 'answer' ? answer.value : answer.kind === 'back' ? 'back' : 'leave'
}
