import { contract } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element, setText } from '../element.ts'
import { showNotice } from '../notice.ts'
import { drawSchemaForm } from '../schema-form.ts'

/** What everybody is told, at the top of each screen. */
export async function noticePart({ api, signal }: OwnContext): Promise<HTMLElement[]> {
  const { text } = await api.call(contract.getNotice, {}, { signal })
  const done = element('p', { class: 'done', role: 'status' })
  const form = drawSchemaForm({
    name: 'Notice',
    body: contract.setNotice.body,
    fields: [
      {
        pointer: '/text',
        label: 'Text',
        kind: 'text',
        value: text,
        isOptional: true,
        hint: 'One line, such as when the platform is away for maintenance. Left empty, nobody is told anything.',
        attributes: { maxlength: 500 },
      },
    ],
    submit: { label: 'Save', busy: 'Saving …' },
    async send(body) {
      setText(done, '')
      await api.call(contract.setNotice, { body })
      showNotice(body.text)
      setText(done, body.text === '' ? 'Nobody is told anything.' : 'Everybody is told.')
    },
  })
  return [form, done]
}
