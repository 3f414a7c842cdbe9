import { contract, LaunchDraft, launchName, type SavedLaunch } from '@karvdash/common'
import * as z from 'zod'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button } from '../element.ts'
import { drawSchemaForm } from '../schema-form.ts'

/** What is to be saved, and what it was filled from. */
interface Saving {
  template: string
  values: Record<string, unknown>
  saved: SavedLaunch | undefined
}

const Label = z.object({ label: z.string().trim().min(1, 'Give it a name.').pipe(LaunchDraft.shape.label) })

/** Asks for a name, and keeps the values under it. */
export async function askToSave({ template, values, saved }: Saving, { api, announce, go, signal }: OwnContext): Promise<void> {
  const hint = 'Such as “My Kafka, 3 brokers”. One of the same name is replaced; passwords are not kept.'
  const form = drawSchemaForm({
    name: 'Save this launch',
    body: Label,
    fields: [
      {
        pointer: '/label',
        label: 'Name',
        kind: 'text',
        value: saved?.label ?? '',
        hint,
        attributes: { maxlength: 60, autofocus: true },
      },
    ],
    submit: { label: 'Save', busy: 'Saving …' },
    aside: button('Cancel', {}, () => dialog.close()),
    async send({ label }) {
      const name = launchName(label)
      await api.call(contract.saveLaunch, { params: { launch: name }, body: { template, label, values } })
      announce(`${label} is saved.`)
      dialog.close()
      go({ screen: 'services' })
    },
  })
  const dialog = openDialog('Save this launch', form)
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  await dialog.closed
}

/** A button that forgets a saved launch; the services that came of it stay. */
export function forgetButton({ name, label }: SavedLaunch, { api, announce, go }: OwnContext): HTMLButtonElement {
  const forget: HTMLButtonElement = button('Forget', { class: 'quiet', 'aria-label': `Forget ${label}` }, () => {
    void whileBusy(forget, 'Forgetting …', async () => {
      // What is gone already is forgotten.
      await api.call(contract.deleteLaunch, { params: { launch: name } }).catch(() => undefined)
      announce(`${label} is forgotten.`)
      go({ screen: 'services' })
    })
  })
  return forget
}
