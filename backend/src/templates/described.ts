import {
  choicesOf,
  customProfile,
  type DefaultValues,
  filledDefault,
  mayFillDefault,
  namespaceOf,
  type TemplateDescription,
  type Variable,
  valueFault,
} from '@karvdash/common'
import type { Config } from '../config.ts'

/** What the platform fills into a description: of whoever asks, and of the cluster. */
export interface Described extends DefaultValues {
  profiles: readonly { name: string; label: string; help?: string | undefined }[]
}

/** What is filled in for a user. */
export function platformOf(user: string, config: Pick<Config, 'registry' | 'profiles'>): Described {
  return { user, namespace: namespaceOf(user), registry: config.registry?.host ?? '', profiles: config.profiles }
}

/** A description as it is shown to one user: with defaults filled in, and what profiles offer. */
export function describedFor(description: TemplateDescription, platform: Described): TemplateDescription {
  return { ...description, variables: description.variables.map((variable) => filledVariable(variable, platform)) }
}

function filledVariable(variable: Variable, platform: Described): Variable {
  if (variable.type === 'profile') return offering(variable, platform)
  if (!mayFillDefault(variable) || variable.type === 'password' || typeof variable.default !== 'string') return variable
  const { default: written, ...rest } = variable
  const filled = filledDefault(written, platform)
  // What does not come out right here (there is no registry, a name is too long) is asked instead.
  return valueFault(variable, filled) === undefined ? ({ ...rest, default: filled } as Variable) : (rest as Variable)
}

function offering(variable: Variable & { type: 'profile' }, { profiles }: Described): Variable {
  const own = variable.custom ? [{ value: customProfile, label: 'Own amounts' }] : []
  const defined = profiles.map(({ name, label, help }) => ({ value: name, label, ...(help !== undefined && { help }) }))
  const filled = { ...variable, choices: [...defined, ...own] }
  const offersDefault = choicesOf(filled).some(({ value }) => value === variable.default)
  return offersDefault ? filled : { ...filled, default: filled.choices[0]?.value }
}
