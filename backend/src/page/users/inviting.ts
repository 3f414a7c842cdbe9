import { contract, type Reply, type User } from '@karvdash/common'
import { profileFields } from '../account/profile.ts'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button } from '../element.ts'
import type { FieldPlan } from '../field.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { showLink } from './password-link.ts'

const username: FieldPlan = {
  pointer: '/username',
  label: 'Username',
  kind: 'text',
  hint: 'Lower-case letters and digits. It cannot be changed later.',
  attributes: { maxlength: 30, autofocus: true },
}

const role: FieldPlan = {
  pointer: '/role',
  label: 'Role',
  kind: 'select',
  value: 'user',
  choices: [
    { value: 'user', label: 'User' },
    { value: 'admin', label: 'Administrator' },
  ],
}

const fileId: FieldPlan = {
  pointer: '/fileId',
  label: 'Numeric id of their files',
  kind: 'text',
  isOptional: true,
  hint: 'Where your institute has one for them. Left empty, they get the next. It cannot be changed later.',
  attributes: { inputmode: 'numeric', maxlength: 10 },
}

/** Makes a user who is active at once, and shows the link by which they choose their password. */
export async function invite({ api }: OwnContext, onInvited: (user: User) => void): Promise<void> {
  let link: Reply<typeof contract.inviteUser> | undefined
  const form = drawSchemaForm({
    name: 'Invite a user',
    body: contract.inviteUser.body,
    fields: [username, ...profileFields({ displayName: '', email: '' }).map(withoutCompletion), role, fileId],
    read: ({ fileId: id = '', ...texts }) => ({ ...texts, ...(id.trim() !== '' && { fileId: Number(id) }) }),
    submit: { label: 'Invite', busy: 'Inviting …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send(body) {
      link = await api.call(contract.inviteUser, { body })
      onInvited(link.user)
      dialog.close()
    },
  })
  const dialog = openDialog('Invite a user', form)
  await dialog.closed
  if (link) showLink(link)
}

/** It is somebody else's name: the browser has nothing to propose. */
function withoutCompletion(field: FieldPlan): FieldPlan {
  return { ...field, attributes: { ...field.attributes, autocomplete: 'off' } }
}
