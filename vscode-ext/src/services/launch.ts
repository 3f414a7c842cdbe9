import {
  contract,
  formFields,
  launchBody,
  launchValues,
  namePointer,
  type Service,
  type TemplateDescription,
} from '@karvdash/common'
import { ProgressLocation, window } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { type Answer, askChoice, askText } from '../quick-input.ts'
import { complaintOf, launchSteps, type Step } from './launch-steps.ts'

const more = 'advanced'

/** Asks which template, then its questions one by one, and launches. Undefined: the person went away. */
export async function launch(connection: Connection): Promise<Service | undefined> {
  const templates = connection.with(({ client }) => client.call(contract.listTemplates))
  const { items } = await templates
  for (;;) {
    const options = items.map((value) => ({ label: value.name, detail: value.description, value }))
    const chosen = await askChoice({ title: 'Launch Service', step: 1, totalSteps: 1 }, 'What to launch', options)
    if (chosen.kind !== 'answer') return undefined
    const service = await launchTemplate(connection, chosen.value)
    if (service !== 'back') return service
  }
}

async function launchTemplate(connection: Connection, template: TemplateDescription): Promise<Service | 'back' | undefined> {
  const steps = orderedSteps(template)
  const answers = new Map<string, string>()
  for (let complaint: Complaint | undefined; ; ) {
    const outcome = await askAll(template, steps, { answers, complaint })
    if (outcome !== 'done') return outcome === 'back' ? 'back' : undefined
    try {
      return await send(connection, template, answers)
    } catch (failure) {
      // What the server finds wrong is said where it was asked.
      complaint = complaintOf(failure, steps)
      if (!complaint) throw failure
    }
  }
}

type Complaint = NonNullable<ReturnType<typeof complaintOf>>

/** Goes through the questions, from the one that was answered wrongly where one was. */
async function askAll(
  template: TemplateDescription,
  steps: Step[],
  { answers, complaint }: { answers: Map<string, string>; complaint: Complaint | undefined },
): Promise<'done' | 'back' | 'away'> {
  for (let at = complaint?.step ?? 0; at < steps.length; ) {
    const said = complaint?.step === at ? complaint.detail : undefined
    const asked = await ask(template, steps, { at, answers, complaint: said })
    if (asked === 'away' || asked === 'done' || (asked === 'back' && at === 0)) return asked
    at += asked === 'back' ? -1 : 1
  }
  return 'done'
}

interface Asking {
  at: number
  answers: Map<string, string>
  complaint: string | undefined
}

/** Plain questions, and behind them, where there are any, the advanced ones for whoever asks for them. */
function orderedSteps(template: TemplateDescription): Step[] {
  const all = launchSteps(template)
  const [plain, advanced] = [all.filter((step) => !step.isAdvanced), all.filter((step) => step.isAdvanced)]
  return advanced.length === 0 ? plain : [...plain, gate(advanced.length), ...advanced]
}

function gate(count: number): Step {
  const choices = [
    { value: '', label: 'Launch' },
    { value: more, label: `Advanced settings … (${count})` },
  ]
  const prompt = 'Launch now, or look at the advanced settings first'
  return { pointer: more, label: 'Ready', prompt, isSecret: false, value: '', choices, isAdvanced: false, check: () => undefined }
}

async function ask(
  { name }: TemplateDescription,
  steps: Step[],
  { at, answers, complaint }: Asking,
): Promise<'next' | 'back' | 'away' | 'done'> {
  const step = steps[at]
  if (!step) return 'done'
  const place = { title: `Launch ${name}: ${step.label}`, step: at + 2, totalSteps: steps.length + 1 }
  const value = answers.get(step.pointer) ?? step.value
  const answer: Answer<string> = step.choices
    ? await askChoice(place, complaint ?? step.prompt, step.choices, value)
    : await askText({ place, prompt: step.prompt, value, isSecret: step.isSecret, complaint, check: step.check })
  if (answer.kind !== 'answer') return answer.kind
  answers.set(step.pointer, answer.value)
  return step.pointer === more && answer.value === '' ? 'done' : 'next'
}

function send(connection: Connection, template: TemplateDescription, answers: ReadonlyMap<string, string>): Thenable<Service> {
  const values = launchValues(formFields(template), (pointer) => answers.get(pointer))
  const body = launchBody(template, answers.get(namePointer) ?? '', values)
  return window.withProgress({ location: ProgressLocation.Window, title: `Launching ${template.name}` }, () =>
    connection.with(({ client }) => client.call(contract.launchService, { body })),
  )
}
