import {
  contract,
  type Gauge,
  type Launched,
  type ListedTemplate,
  launchBody,
  namePointer,
  type SavedLaunch,
  type TransferClient,
} from '@karvdash/common'
import { ProgressLocation, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { askChoice } from '../quick-input.ts'
import { tooMuch } from './fit.ts'
import { answeredValues, launchSteps } from './launch-steps.ts'
import { offers } from './offers.ts'
import { askAndSend, type Outcome, type Send } from './questions.ts'

/** Asks what to launch, then its questions one by one, and launches. Undefined: the person went away. */
export async function launch(connection: Connection): Promise<Launched | undefined> {
  const [{ items }, launches] = await connection.with(({ client }) =>
    Promise.all([client.call(contract.listTemplates), client.call(contract.listLaunches)]),
  )
  for (;;) {
    const options = offers(items, launches.items)
    const chosen = await askChoice({ title: 'Launch Service', step: 1, totalSteps: 1 }, 'What to launch', options)
    if (chosen.kind !== 'answer' || !chosen.value) return undefined
    const outcome = await launchTemplate(connection, { ...chosen.value, before: 1 })
    if (outcome.kind !== 'back') return outcome.kind === 'done' ? outcome.value : undefined
  }
}

/** What is launched. */
export interface Launching {
  template: ListedTemplate
  /** What was saved; the template's defaults where it is left out. */
  saved?: SavedLaunch | undefined
  /** Values that are known already; without them those that were saved. */
  filled?: Record<string, unknown>
  /** How many questions came before. */
  before: number
}

/** Asks the questions of a template and launches it. */
export function launchTemplate(
  connection: Connection,
  { template, saved, filled = saved?.values, before }: Launching,
): Promise<Outcome<Launched>> {
  const steps = launchSteps(template, filled)
  const title = `Launch ${saved?.label ?? template.name}`
  const send: Send<Launched> = async (answers) => {
    const body = launchBody(template, answers.get(namePointer) ?? '', answeredValues(template, answers))
    const lacking = await underWay(connection, `Looking at what ${template.name} needs`, (client) => tooMuch(client, body))
    if (lacking.length > 0 && !(await goesOn(title, lacking))) return 'again'
    return underWay(connection, `Launching ${template.name}`, (client) => client.call(contract.launchService, { body }))
  }
  return askAndSend({ title, verb: 'Launch', template, steps, before, connection }, send)
}

/** Whether somebody wants what does not fit all the same: others of their services may end any moment. */
async function goesOn(title: string, lacking: Gauge[]): Promise<boolean> {
  const told = lacking.map(({ label, words }) => ({ label: `$(warning) ${label}`, detail: words, value: false }))
  const options = [{ label: 'Change the answers', value: false }, { label: 'Launch all the same', value: true }, ...told]
  const place = { title: `${title}: Your quota`, step: 1, totalSteps: 1 }
  const answer = await askChoice(place, 'This asks for more than is free of your quota', options)
  return answer.kind === 'answer' && answer.value
}

function underWay<T>(connection: Connection, title: string, work: (client: TransferClient) => Promise<T>): Thenable<T> {
  return window.withProgress({ location: ProgressLocation.Window, title }, () => connection.with(({ client }) => work(client)))
}
