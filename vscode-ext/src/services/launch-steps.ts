import {
  checkValues,
  type Field,
  firstText,
  formFields,
  hintSentence,
  isAbout,
  namePointer,
  Problem,
  parseInput,
  ServiceName,
  type TemplateDescription,
  type Value,
  valuePointer,
} from '@karvdash/common'

/** One question of a launch: a text to type, or a choice. */
export interface Step {
  /** Where the API points when it complains. */
  pointer: string
  label: string
  prompt: string
  isSecret: boolean
  /** What stands there at first. */
  value: string
  /** What may be chosen; left out: anything may be typed. */
  choices?: { value: string; label: string }[]
  /** Asked only of whoever wants to. */
  isAdvanced: boolean
  check: (text: string) => string | undefined
}

/** The questions of a template: its name first, then each variable. */
export function launchSteps(template: TemplateDescription): Step[] {
  return [nameStep(template.id), ...formFields(template).map((field) => fieldStep(template, field))]
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
    value: firstText(field),
    ...(choices && { choices }),
    isAdvanced: advanced,
    check: (text) => faultOf(template, name, parseInput(field, text)),
  }
}

/** The one check of the form model, for one variable alone. */
function faultOf({ variables }: TemplateDescription, name: string, value: Value): string | undefined {
  const own = variables.filter((variable) => variable.name === name)
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
  const { label, help, generated, required, default: preset } = field
  const mayBeEmpty = !generated && !required && preset === undefined
  return `${help ?? `${label}.`} ${hintSentence(field)}${mayBeEmpty ? ' It may be left empty.' : ''}`
}
