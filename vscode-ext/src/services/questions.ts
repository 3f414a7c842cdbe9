import type { TemplateDescription } from '@karvdash/common'
import { ThemeIcon } from 'vscode'
import type { Connection } from '../connection/connection.ts'
import { chooseImage } from '../images/choose-image.ts'
import { type Answer, askChoice, askText, type TextQuestion } from '../quick-input.ts'
import { complaintOf, isAskedStep, type Step } from './launch-steps.ts'

/** The questions of a template, and what they are asked for. */
export interface Questions {
  /** Such as "Launch Hello". */
  title: string
  /** What the last question before the advanced ones offers to do. */
  verb: string
  template: TemplateDescription
  steps: Step[]
  /** How many questions came before these. */
  before: number
  /** Where images are looked up. */
  connection: Connection
}

/** What came of them: the person went away or back, or what was wanted was done. */
export type Outcome<T> = { kind: 'done'; value: T } | { kind: 'back' } | { kind: 'away' }

/** What is done with the answers; `again`: the person wants to look at them once more. */
export type Send<T> = (answers: ReadonlyMap<string, string>) => PromiseLike<T | 'again'>

const more = 'advanced'

/** Asks one question after the other and sends the answers; what the server finds wrong is said where it was asked, until it takes all. */
export async function askAndSend<T>(questions: Questions, send: Send<T>): Promise<Outcome<T>> {
  const asked = { ...questions, steps: ordered(questions) }
  // What nobody looks at stays as it was saved or filled in.
  const answers = new Map(questions.steps.filter(({ isAdvanced }) => isAdvanced).map(({ pointer, value }) => [pointer, value]))
  const last = asked.steps.findLastIndex(({ isAdvanced }) => !isAdvanced)
  for (let from: From = { step: 0 }; ; ) {
    const outcome = await askAll(asked, answers, from)
    if (outcome !== 'done') return { kind: outcome }
    try {
      const value = await send(answers)
      if (value !== 'again') return { kind: 'done', value }
      from = { step: Math.max(last, 0) }
    } catch (failure) {
      const complaint = complaintOf(failure, asked.steps)
      if (!complaint) throw failure
      from = complaint
    }
  }
}

interface From {
  step: number
  /** What is wrong with the answer that was given there. */
  detail?: string
}

async function askAll(questions: Questions, answers: Map<string, string>, from: From): Promise<'done' | 'back' | 'away'> {
  const { template, steps } = questions
  const [onward, back] = [1, -1]
  // A step that a condition hides is passed over in the direction in which somebody went.
  const shown = (at: number, direction: number): number => {
    const step = steps[at]
    return step && !isAskedStep(template, step, answers) ? shown(at + direction, direction) : at
  }
  for (let at = from.step; at < steps.length; ) {
    const asked = await ask(questions, { at, answers, complaint: from.step === at ? from.detail : undefined })
    if (asked === 'away' || asked === 'done') return asked
    at = asked === 'back' ? shown(at + back, back) : shown(at + onward, onward)
    if (at < 0) return 'back'
  }
  return 'done'
}

/** Plain questions, and behind them, where there are any, the advanced ones for whoever asks for them. */
function ordered({ steps, verb }: Questions): Step[] {
  const [plain, advanced] = [steps.filter((step) => !step.isAdvanced), steps.filter((step) => step.isAdvanced)]
  return advanced.length === 0 ? plain : [...plain, gate(verb, advanced.length), ...advanced]
}

function gate(verb: string, count: number): Step {
  const choices = [
    { value: '', label: verb },
    { value: more, label: `Advanced settings … (${count})` },
  ]
  const prompt = `${verb} now, or look at the advanced settings first`
  return {
    pointer: more,
    label: 'Ready',
    prompt,
    isSecret: false,
    isImage: false,
    value: '',
    choices,
    isAdvanced: false,
    check: () => undefined,
  }
}

interface Asking {
  at: number
  answers: Map<string, string>
  complaint: string | undefined
}

async function ask(
  { title, steps, before, connection }: Questions,
  { at, answers, complaint }: Asking,
): Promise<'next' | 'back' | 'away' | 'done'> {
  const step = steps[at]
  if (!step) return 'done'
  const place = { title: `${title}: ${step.label}`, step: at + before + 1, totalSteps: steps.length + before }
  const value = answers.get(step.pointer) ?? step.value
  const answer: Answer<string> = step.choices
    ? await askChoice(place, complaint ?? step.prompt, step.choices, value)
    : await askText({
        place,
        prompt: step.prompt,
        value,
        isSecret: step.isSecret,
        complaint,
        check: step.check,
        ...(step.isImage && { finder: lookUp(connection) }),
      })
  if (answer.kind !== 'answer') return answer.kind
  answers.set(step.pointer, answer.value)
  return step.pointer === more && answer.value === '' ? 'done' : 'next'
}

/** A button that puts an image of the registry into the answer. */
function lookUp(connection: Connection): NonNullable<TextQuestion['finder']> {
  return {
    icon: { iconPath: new ThemeIcon('search'), tooltip: 'Choose an image of the registry' },
    find: async () => (await chooseImage(connection))?.reference,
  }
}
