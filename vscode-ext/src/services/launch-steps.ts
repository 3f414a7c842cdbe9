import {
  askedFields,
  checkValues,
  type Field,
  filledIn,
  firstText,
  formFields,
  hintSentence,
  isAbout,
  launchValues,
  namePointer,
  Problem,
  parseInput,
  ServiceName,
  type TemplateDescription,
  type Value,
  type Values,
  valuePointer,
} from '@karvdash/common'

/** One question of a launch: a text to type, or a choice. */
export interface Step {
  /** Where the API points when it complains. */
  pointer: string
  label: string
  prompt: string
  isSecret: boolean
  /** Whether it is the name of an image, which the registry may have. */
  isImage: boolean
  /** What stands there at first. */
  value: string
  /** What may be chosen; left out: anything may be typed. */
  choices?: { value: string; label: string }[]
  /** Asked only of whoever wants to. */
  isAdvanced: boolean
  check: (text: string) => string | undefined
}

/** The questions of a launch: the service's name first, then each variable, with values that were saved where there are some. */
export function launchSteps(template: TemplateDescription, filled: Filled = {}): Step[] {
  return [nameStep(template.id), ...formFields(template).map((field) => fieldStep(template, filledIn(field, filled)))]
}

/** The questions of an update: each variable, with its value as it is; passwords that are left empty stay as they are. */
export function updateSteps(template: TemplateDescription, filled: Filled): Step[] {
  return formFields(template).map((field) => {
    const step = fieldStep(template, filledIn(field, filled))
    if (field.control !== 'password') return step
    const prompt = `${field.help ?? `${field.label}.`} Left empty, it stays as it is.`
    return { ...step, prompt, check: (text) => (text === '' ? undefined : step.check(text)) }
  })
}

/** Values by the names of variables, as a saved launch or a service has them. */
type Filled = Record<string, unknown>

/** The values of an update: passwords that were left empty are not among them. */
export function updatedValues(template: TemplateDescription, answers: ReadonlyMap<string, string>): Values {
  const passwords = new Set(template.variables.filter(({ type }) => type === 'password').map(({ name }) => name))
  const values = Object.entries(answeredValues(template, answers))
  return Object.fromEntries(values.filter(([name, value]) => !(passwords.has(name) && (value ?? '') === '')))
}

/** The values that the answers stand for, as far as they were asked for. */
export function answeredValues(template: TemplateDescription, answers: ReadonlyMap<string, string>): Values {
  const fields = formFields(template)
  const longTexts = new Set(fields.filter(({ control }) => control === 'textarea').map(valuePointer))
  return launchValues(fields, (pointer) => {
    const answer = answers.get(pointer)
    return answer !== undefined && longTexts.has(pointer) ? linesOf(answer) : answer
  })
}

/** Whether a step is asked, given the answers so far: a condition may hide it. */
export function isAskedStep(
  template: TemplateDescription,
  { pointer }: Pick<Step, 'pointer'>,
  answers: Map<string, string>,
): boolean {
  const fields = formFields(template)
  if (!fields.some((field) => valuePointer(field) === pointer)) return true
  return askedFields(fields, answeredValues(template, answers)).some((field) => valuePointer(field) === pointer)
}

/** Which step a refused launch goes back to, and what to say there. */
export function complaintOf(failure: unknown, steps: Step[]): { step: number; detail: string } | undefined {
  const errors = failure instanceof Problem ? (failure.errors ?? []) : []
  for (const error of errors) {
    const step = steps.findIndex(({ pointer }) => isAbout(error, pointer))
    if (step >= 0) return { step, detail: error.detail }
  }
  return undefined
}

function nameStep(template: string): Step {
  return {
    pointer: namePointer,
    label: 'Name',
    prompt: `Name of the service: it becomes part of the address. Lower-case letters, digits and hyphens.`,
    isSecret: false,
    isImage: false,
    value: template,
    isAdvanced: false,
    check: (text) => ServiceName.safeParse(text.trim()).error?.issues[0]?.message,
  }
}

function fieldStep(template: TemplateDescription, field: Field): Step {
  const { name, label, control, advanced } = field
  const choices = choicesOf(field)
  return {
    pointer: valuePointer(field),
    label,
    prompt: promptOf(field),
    isSecret: control === 'password',
    isImage: control === 'image',
    value: control === 'textarea' ? oneLine(firstText(field)) : firstText(field),
    ...(choices && { choices }),
    isAdvanced: advanced,
    check: (text) => faultOf(template, name, parseInput(field, control === 'textarea' ? linesOf(text) : text)),
  }
}

/** The one check of the form model, for one variable alone. */
function faultOf({ variables }: TemplateDescription, name: string, value: Value): string | undefined {
  const own = variables.filter((variable) => variable.name === name).map((variable) => ({ ...variable, when: undefined }))
  return checkValues({ variables: own }, { [name]: value }).errors?.[0]?.detail
}

function choicesOf({ control, choices, required }: Field): Step['choices'] {
  if (control === 'switch')
    return [
      { value: 'true', label: 'Yes' },
      { value: 'false', label: 'No' },
    ]
  if (control !== 'select' || !choices) return undefined
  return required ? choices : [...choices, { value: '', label: 'None' }]
}

function promptOf(field: Field): string {
  const { label, help, control, generated, required, default: preset } = field
  const lines = control === 'textarea' ? ' Write \\n for a line break.' : ''
  const mayBeEmpty = !generated && !required && preset === undefined
  return `${help ?? `${label}.`} ${hintSentence(field)}${lines}${mayBeEmpty ? ' It may be left empty.' : ''}`
}

function oneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** A question has but one line: `\n` stands for a line break in it, and `\t` for a tab. */
function linesOf(answer: string): string {
  return answer.replace(/\\([\\nt])/g, (_, escaped: string) => ({ n: '\n', t: '\t' })[escaped] ?? escaped)
}
