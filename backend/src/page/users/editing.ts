import { contract } from '@karvdash/common'
import { profileFields } from '../account/profile.ts'
import { openDialog } from '../dialog.ts'
import { button } from '../element.ts'
import { drawSchemaForm } from '../schema-form.ts'
import type { OneUser } from './user-row.ts'

/** Asks for another name and mail address of a user. */
export function editUser({ user, change }: OneUser): void {
  const title = `Edit ${user().name}`
  const form = drawSchemaForm({
    name: title,
    body: contract.changeProfile.body,
    fields: profileFields(user()),
    submit: { label: 'Save', busy: 'Saving …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send(body) {
      await change(body)
      dialog.close()
    },
  })
  const dialog = openDialog(title, form)
}
