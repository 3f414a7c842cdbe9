import type { EntryPlace } from './storage-jobs.ts'
import type { TemplateDescription } from './template.ts'

type HasVariables = Pick<TemplateDescription, 'variables'>

/** The variables of a template that are images, those that have to be given first. */
export function imageVariables({ variables }: HasVariables): string[] {
  const images = variables.filter(({ type }) => type === 'image')
  return images.sort((a, b) => Number(a.advanced) - Number(b.advanced)).map(({ name }) => name)
}

/** Something to open with a service: a file or a folder. */
export type Opened = EntryPlace & { type: 'file' | 'folder' }

/** What a template shows such an entry by: the values that fill it in; undefined for templates that cannot. */
export function openingValues({ variables }: HasVariables, { domain, path, type }: Opened): Record<string, string> | undefined {
  const variable = variables.find((one) => one.type === 'entry' && one.opens && one.kind === type && one.domains.includes(domain))
  return variable && { [variable.name]: `/${[domain, path].filter((part) => part !== '').join('/')}` }
}

/** An offer to launch something with what people point at. */
export interface FilledOffer {
  /** What a template is filled in with; undefined for one that cannot. */
  fillIn: (template: HasVariables) => Record<string, string> | undefined
  /** What to say where no template can. */
  none: string
}

/** Offers the templates that take an image. */
export function imageOffer(reference: string): FilledOffer {
  return {
    fillIn(template) {
      const [variable] = imageVariables(template)
      return variable === undefined ? undefined : { [variable]: reference }
    },
    none: 'No template asks for an image: one with an image variable can.',
  }
}

/** Offers the templates that show a file or a folder. */
export function openingOffer(opened: Opened): FilledOffer {
  return {
    fillIn: (template) => openingValues(template, opened),
    none: 'No template opens a folder: one with an entry variable that says so can.',
  }
}

/** The templates that can, each with what it is filled in with. */
export function filledTemplates<T extends HasVariables>(
  templates: readonly T[],
  { fillIn }: FilledOffer,
): { template: T; filled: Record<string, string> }[] {
  return templates.flatMap((template) => {
    const filled = fillIn(template)
    return filled ? [{ template, filled }] : []
  })
}
