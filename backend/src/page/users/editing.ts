import { contract } from '@karvdash/common'
import { profileFields } from '../account/profile.ts'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button } from '../element.ts'
import type { FieldPlan } from '../field.ts'
import { drawSchemaForm } from '../schema-form.ts'
import type { OneUser } from './user-row.ts'

/** Asks for another name and mail address of a user; and, where people sign in at their institute, whom it vouches for by this user. */
export async function editUser({ user, change }: OneUser, { api }: OwnContext): Promise<void> {
  const { external } = await api.call(contract.getSignInOptions)
  const title = `Edit ${user().name}`
  const form = drawSchemaForm({
    name: title,
    body: contract.changeUser.body,
    fields: [...profileFields(user()), ...(external ? [subjectField(user().subject)] : [])],
    submit: { label: 'Save', busy: 'Saving …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send(body) {
      await change(body)
      dialog.close()
    },
  })
  const dialog = openDialog(title, form)
}

function subjectField(value = ''): FieldPlan {
  return {
    pointer: '/subject',
    label: 'Identity at the institute',
    kind: 'text',
    value,
    isOptional: true,
    hint: 'The issuer and the subject, with a space between them. Left empty, the institute signs nobody in as this user.',
    attributes: { maxlength: 500 },
  }
}
