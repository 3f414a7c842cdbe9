import { contract, Problem, UserName } from '@karvdash/common'
import * as z from 'zod'
import type { OwnContext } from '../context.ts'
import { confirmed, openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { drawRows, type Rows } from '../rows.ts'
import { drawSchemaForm } from '../schema-form.ts'

/** Where the server says that something is wrong with the user: it stands in the operation's path. */
const pointer = '/path/user'
const Draft = z.object({ path: z.object({ user: UserName }) })

/** Shows with whom a service is shared, and lets its owner change that. */
export function openSharing(name: string, context: OwnContext): void {
  const { api, services, signal } = context
  const rows = drawRows<string>({
    label: 'Shared with',
    none: 'With nobody yet.',
    signal,
    idOf: (user) => user,
    nameOf: (user) => user,
    about: () => 'may open it',
    load: async () => services.states().services.get(name)?.sharedWith ?? [],
    verb: 'Remove',
    busy: 'Removing …',
    async end(user) {
      const service = await api.call(contract.unshareService, { params: { service: name, user } })
      services.tell({ type: 'service', service })
    },
  })
  const about = element('p', {}, 'Whom you share it with can open it, signed in as themselves, until you or they end it.')
  const close = button('Close', {}, () => dialog.close())
  const dialog = openDialog(
    `Share ${name}`,
    about,
    rows.node,
    sharingForm(name, rows, context),
    element('div', { class: 'actions' }, close),
  )
}

function sharingForm(name: string, rows: Rows<string>, context: OwnContext): HTMLElement {
  const form: HTMLFormElement = drawSchemaForm({
    name: 'Share with somebody',
    body: Draft,
    fields: [{ pointer, label: 'Username', kind: 'text', attributes: { maxlength: 30, autofocus: true } }],
    read: (texts) => ({ path: { user: texts[pointer.slice(1)]?.trim() } }),
    submit: { label: 'Share', busy: 'Sharing …' },
    async send({ path: { user } }) {
      if (!(await share({ service: name, user }, context))) return
      rows.add(user)
      form.reset()
    },
  })
  return form
}

/** Shares; where the owner has to know something first, they are told it and asked. */
async function share(params: { service: string; user: string }, { api, services }: OwnContext): Promise<boolean> {
  const ask = async (isAware: boolean) =>
    services.tell({ type: 'service', service: await api.call(contract.shareService, { params, body: { isAware } }) })
  try {
    await ask(false)
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.extra['needs'] !== 'isAware') throw failure
    const question = { title: `Share with ${params.user}?`, text: sentenceOf(failure), yes: 'Share all the same' }
    if (!(await confirmed(question))) return false
    await ask(true)
  }
  return true
}
