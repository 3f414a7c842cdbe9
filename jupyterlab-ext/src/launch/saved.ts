import { InputDialog, Notification } from '@jupyterlab/apputils'
import { contract, LaunchDraft, launchName, type SavedLaunch, type TransferClient } from '@karvdash/common'

/** Asks for a name, and keeps the values under it; one of the same name is replaced. Says whether it was kept. @throws Problem */
export async function askToSave(
  client: TransferClient,
  { template, values, before }: { template: string; values: Record<string, unknown>; before: SavedLaunch | undefined },
): Promise<boolean> {
  const { value } = await InputDialog.getText({
    title: 'Save this launch',
    label: 'Name, such as “My Kafka, 3 brokers”. One of the same name is replaced; passwords are not kept.',
    text: before?.label ?? '',
    okLabel: 'Save',
  })
  if (value === null || value.trim() === '') return false
  const label = LaunchDraft.shape.label.safeParse(value.trim())
  if (!label.success) {
    Notification.error('A name has up to 60 characters, on one line.', { autoClose: 10_000 })
    return false
  }
  const launch = launchName(label.data)
  await client.call(contract.saveLaunch, { params: { launch }, body: { template, label: label.data, values } })
  Notification.success(`${label.data} is saved.`, { autoClose: 3_000 })
  return true
}
