import { contract, EntryPlace, FilePath, ImageNameText } from '@karvdash/common'
import * as z from 'zod'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import type { FieldPlan } from '../field.ts'
import { entryButton } from '../files/entry-chooser.ts'
import { shownName } from '../files/shown-name.ts'
import { drawSchemaForm } from '../schema-form.ts'
import type { Adding } from './image-uploads.ts'

const Named = z.object({
  as: z.union([z.literal('').transform(() => undefined), ImageNameText]),
  overwrite: z.boolean(),
})

/** Asks under which name the images of a file from this computer are added, and begins. */
export function askToUpload(file: File, context: OwnContext): void {
  const form = drawSchemaForm({
    ...{ name: 'Add an image', body: Named, fields: nameFields(context), read },
    submit: { label: 'Upload and add', busy: 'Beginning …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send(named) {
      context.imageUploads.add(file, adding(named))
      dialog.close()
    },
  })
  const text = `${shownName(file.name)} is uploaded to your folder /local first, and removed from there when its images were added.`
  const dialog = openDialog('Add an image', element('p', {}, text), form)
  context.signal.addEventListener('abort', () => dialog.close(), { once: true })
}

/** The same for a file that lies in a domain. */
export function askToAdd(context: OwnContext): void {
  const form = drawSchemaForm({
    ...{ name: 'Add an image', body: Named.extend({ from: PlaceText }), read },
    fields: [placeField(context), ...nameFields(context)],
    submit: { label: 'Add', busy: 'Beginning …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send({ from, ...named }) {
      await context.api.call(contract.addImage, { body: { ...adding(named), from } })
      dialog.close()
    },
  })
  const dialog = openDialog('Add an image from a file of yours', form)
  context.signal.addEventListener('abort', () => dialog.close(), { once: true })
}

/** A path as people write it, `/local/images/app.tar`. */
const PlaceText = z
  .string()
  .trim()
  .regex(/^\/(local|remote|shared)\/./, 'Choose a file of yours, such as /local/app.tar.')
  .transform((text) => {
    const [, domain = '', ...names] = text.split('/')
    return { domain, path: FilePath.safeParse(names.join('/')).data ?? '' }
  })
  .pipe(EntryPlace)

function placeField(context: OwnContext): FieldPlan {
  const field = { label: 'File', limits: { kind: 'file' as const } }
  return {
    ...{
      pointer: '/from',
      label: 'File',
      kind: 'text' as const,
      hint: 'As docker save, podman save, skopeo or buildah wrote it.',
    },
    attributes: { placeholder: '/local/…' },
    beside: (control) => entryButton({ control, field }, context),
  }
}

function nameFields({ session }: OwnContext): FieldPlan[] {
  const own = session.user.name
  return [
    {
      ...{ pointer: '/as', label: 'Name', kind: 'text' as const, isOptional: true },
      hint: `Such as ${own}/app:1. Left empty, each image has its own name and tag below ${own}/.`,
      attributes: { maxlength: 330, placeholder: `${own}/…` },
    },
    {
      ...{ pointer: '/overwrite', label: 'Replace a tag that is there already', kind: 'checkbox' as const },
      help: 'Pods that run keep what they have.',
    },
  ]
}

function read({ overwrite, ...texts }: Record<string, string>): unknown {
  return { ...texts, overwrite: overwrite === 'true' }
}

function adding({ as, overwrite }: z.output<typeof Named>): Adding {
  return { overwrite, ...(as && { as }) }
}
