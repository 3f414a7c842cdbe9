import { Notification } from '@jupyterlab/apputils'
import { paced } from './paced.ts'

/** Something that is under way, as people see it. */
export interface Notice {
  /** How far it is; of what is said faster than anybody reads, the latest. */
  say(message: string): void
  end(message: string, kind: 'success' | 'info' | 'warning' | 'error'): void
}

/** Shows something that is under way, with a button to cancel it. */
export type OpenNotice = (message: string, cancel: () => void) => Notice

const sayEveryMs = 500
const staysMs = { success: 3000, info: 5000, warning: 20_000, error: 20_000 }

/** Shows it as JupyterLab does; there, no bar of a notification is seen, so how far it is has to be in its text. */
export const openNotice: OpenNotice = (message, cancel) => {
  const callback = (event: MouseEvent) => {
    // It stays to tell how that ended.
    event.preventDefault()
    cancel()
  }
  const actions = [{ label: 'Cancel', callback }]
  const id = Notification.emit(message, 'in-progress', { autoClose: false, actions })
  const said = paced(
    (now: string) => void Notification.update({ id, message: now, type: 'in-progress', autoClose: false, actions }),
    sayEveryMs,
  )
  return {
    say: said.tell,
    end(last, type) {
      said.stop()
      Notification.update({ id, message: last, type, autoClose: staysMs[type], actions: [] })
    },
  }
}
