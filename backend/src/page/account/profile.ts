import { contract } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element, setText } from '../element.ts'
import type { FieldPlan } from '../field.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { section } from '../section.ts'

/** The fields of what people say of themselves, as they are now. */
export function profileFields({ displayName, email }: { displayName: string; email: string }): FieldPlan[] {
  return [
    {
      pointer: '/displayName',
      label: 'Display name',
      kind: 'text',
      isOptional: true,
      value: displayName,
      attributes: { autocomplete: 'name', maxlength: 100 },
    },
    { pointer: '/email', label: 'Email', kind: 'email', value: email, attributes: { autocomplete: 'email' } },
  ]
}

/** My name and mail address. */
export function profileSection({ api, session }: OwnContext): HTMLElement {
  const done = element('p', { class: 'done', role: 'status' })
  const form = drawSchemaForm({
    name: 'Profile',
    body: contract.changeProfile.body,
    fields: profileFields(session.user),
    submit: { label: 'Save', busy: 'Saving …' },
    async send(body) {
      setText(done, '')
      await api.call(contract.changeProfile, { body })
      await api.refresh()
      setText(done, 'Saved.')
    },
  })
  return section('Profile', form, done)
}
