import type { GeneratedPassword, Launched } from '@karvdash/common'
import { env, window } from 'vscode'

/** Tells of each password that was made for a service; it is shown to nobody who does not ask, and does not come back. */
export function tellGenerated({ name, generated = [] }: Pick<Launched, 'name' | 'generated'>): void {
  for (const password of generated) void tell(name, password)
}

async function tell(service: string, { label, value }: GeneratedPassword): Promise<void> {
  const [copy, show] = ['Copy', 'Show']
  const told = `${label}: one was made for ${service}, and can be had only now. Copy it, and keep it.`
  const pressed = await window.showWarningMessage(told, copy, show)
  const isWanted =
    pressed === copy ||
    (pressed === show && (await window.showInformationMessage(label, { modal: true, detail: value }, copy)) === copy)
  if (!isWanted) return
  await env.clipboard.writeText(value)
  void window.setStatusBarMessage(`$(check) ${label} is copied.`, toldMs)
}

const toldMs = 10_000
