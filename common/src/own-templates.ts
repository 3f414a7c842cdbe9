import * as z from 'zod'
import { TemplateId } from './names.ts'
import { longestTemplate, TemplateFault } from './preview.ts'
import { Launch } from './service.ts'
import { TemplateDescription } from './template.ts'

/** Where a template comes from: shipped, made by administrators for everybody, or one's own. */
export const TemplateOrigin = z.enum(['built-in', 'platform', 'own'])
export type TemplateOrigin = z.infer<typeof TemplateOrigin>

/** What an administrator says of a template: one that is hidden is not offered, one that is pinned is offered first. */
export const TemplateStanding = z.strictObject({ hidden: z.boolean(), pinned: z.boolean() })
export type TemplateStanding = z.infer<typeof TemplateStanding>

/** A template as it is offered. */
export const ListedTemplate = TemplateDescription.safeExtend({
  origin: TemplateOrigin,
  pinned: z.boolean(),
  /** Told to administrators. */
  hidden: z.boolean().optional(),
})
export type ListedTemplate = z.infer<typeof ListedTemplate>

const GroupLabel = z
  .string()
  .min(1)
  .max(40)
  .regex(/^\P{Cc}*$/u, 'A group’s name is one line.')

/** How an administrator put templates for everybody in groups and in order. Those that are not named follow, in groups of their own. */
export const TemplateGroups = z
  .strictObject({
    groups: z.array(z.strictObject({ label: GroupLabel, templates: z.array(TemplateId).max(500) })).max(50),
    /** The arrangement that this is based on; left out where there was none. */
    version: z
      .string()
      .regex(/^\d{1,32}$/)
      .optional(),
  })
  .superRefine(({ groups }, context) => {
    const labels = groups.map(({ label }) => label)
    const ids = groups.flatMap(({ templates }) => templates)
    if (new Set(labels).size < labels.length)
      context.addIssue({ code: 'custom', path: ['groups'], message: 'Two groups have the same name.' })
    if (new Set(ids).size < ids.length)
      context.addIssue({ code: 'custom', path: ['groups'], message: 'A template stands in one place alone.' })
  })
export type TemplateGroups = z.infer<typeof TemplateGroups>

/** Under which heading a template is offered. */
export function headingOf({ pinned, group }: Pick<ListedTemplate, 'pinned' | 'group'>): string {
  return pinned ? 'Pinned' : (group ?? 'Other')
}

/** What is offered, with the heading under which it stands; in the order in which it was listed. */
export function byHeading<T extends Pick<ListedTemplate, 'pinned' | 'group'>>(templates: readonly T[]): Map<string, T[]> {
  return Map.groupBy(templates, headingOf)
}

/** A template that cannot be launched: it was stored past the platform's check, or the platform has become stricter. */
export const BrokenTemplate = z.object({ id: z.string(), origin: TemplateOrigin, faults: z.array(TemplateFault) })
export type BrokenTemplate = z.infer<typeof BrokenTemplate>

/** What may be launched, and what stands in its way to be. */
export const TemplateList = z.object({
  items: z.array(ListedTemplate),
  broken: z.array(BrokenTemplate),
  next: z.string().optional(),
})
export type TemplateList = z.infer<typeof TemplateList>

/** The text of a template, and which one it is: what a change must be based on. Built-in ones have no version, they cannot be changed. */
export const TemplateText = z.object({ source: z.string(), origin: TemplateOrigin, version: z.string().optional() })
export type TemplateText = z.infer<typeof TemplateText>

const Source = z.string().min(1).max(longestTemplate)

/** A text that is to be a template, or to be checked or converted. */
export const TemplateDraft = z.strictObject({ source: Source })

/** A text that is to take the place of another. */
export const TemplateChange = z.strictObject({ source: Source, version: z.string().regex(/^\d{1,32}$/) })
export type TemplateChange = z.infer<typeof TemplateChange>

/** What a check found: what the text describes where it is a template, and what is wrong where it is none. */
export const CheckedTemplate = z.object({ description: TemplateDescription.optional(), faults: z.array(TemplateFault) })
export type CheckedTemplate = z.infer<typeof CheckedTemplate>

/** A template that was made of one with `$VARIABLES`, what was done to it, and what is still wrong with it. */
export const ConvertedTemplate = z.object({ source: z.string(), report: z.array(z.string()), faults: z.array(TemplateFault) })
export type ConvertedTemplate = z.infer<typeof ConvertedTemplate>

/** What a saved launch is known by. */
export const LaunchName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, 'The name of a saved launch has up to 40 lower-case letters, digits and hyphens.')

/** A launch as it was saved: a template with values, without passwords. */
export const LaunchDraft = z.strictObject({
  template: TemplateId,
  label: z
    .string()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters'),
  values: Launch.shape.values,
})
export type LaunchDraft = z.infer<typeof LaunchDraft>

/** A saved launch and its name. */
export const SavedLaunch = LaunchDraft.extend({ name: z.string() })
export type SavedLaunch = z.infer<typeof SavedLaunch>
