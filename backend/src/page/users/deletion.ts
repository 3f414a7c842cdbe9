import { contract, Deletion, type DeletionPreview } from '@karvdash/common'
import * as z from 'zod'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import type { FieldPlan } from '../field.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { lossWords } from './sizes.ts'
import type { OneUser } from './user-row.ts'

/** Shows what goes with a user, asks what is to become of the files, and begins to delete. */
export async function askToDelete(one: OneUser, { api }: OwnContext): Promise<void> {
  const { name } = one.user()
  const preview = await api.call(contract.previewDeletion, { params: { user: name } })
  const form = drawSchemaForm({
    name: `Delete ${name}`,
    body: confirmedDeletion(name),
    fields: [filesField(name), confirmation(name)],
    read: ({ files, name: typed = '' }) => ({ files, name: typed.trim() }),
    submit: { label: `Delete ${name}`, busy: 'Deleting …', isDangerous: true },
    aside: button('Cancel', { autofocus: true }, () => dialog.close()),
    async send({ files }) {
      one.take(await api.call(contract.deleteUser, { params: { user: name }, query: { files } }))
      dialog.close()
    },
  })
  const dialog = openDialog(`Delete ${name}?`, ...losses(name, preview), form)
}

function confirmedDeletion(name: string) {
  const files = z.enum(Deletion.shape.files.options, 'Choose what is to become of the files.')
  return z.object({ files, name: z.literal(name, `Type ${name} to confirm.`) })
}

function losses(name: string, preview: DeletionPreview): HTMLElement[] {
  const list = lossWords(preview).map((text) => element('li', {}, text))
  return [
    element('p', {}, `The account, the namespace and everything in it go, and cannot be brought back. ${name} has:`),
    element('ul', { class: 'losses' }, ...list),
  ]
}

function filesField(name: string): FieldPlan {
  return {
    pointer: '/files',
    label: 'Files in /local and /remote',
    kind: 'select',
    hint: `While kept files lie there, nobody can sign up as ${name}. What is in /shared stays.`,
    choices: [
      { value: '', label: 'Choose …' },
      { value: 'keep', label: 'Keep them where they are' },
      { value: 'archive', label: 'Pack them into an archive' },
      { value: 'erase', label: 'Erase them' },
    ],
  }
}

function confirmation(name: string): FieldPlan {
  return { pointer: '/name', label: 'Username', kind: 'text', hint: `Type ${name} to confirm.`, attributes: { maxlength: 30 } }
}
