import type { OpenNotice } from './notice.ts'

/** Notices as a test reads them. */
export interface ShownNotice {
  said: string[]
  end: [kind: string, message: string] | undefined
  cancel: () => void
}

/** Keeps what is shown instead of showing it. */
export function noticesOfTest(): { shown: ShownNotice[]; open: OpenNotice } {
  const shown: ShownNotice[] = []
  const open: OpenNotice = (message, cancel) => {
    const notice: ShownNotice = { said: [message], end: undefined, cancel }
    shown.push(notice)
    return {
      say: (next) => void notice.said.push(next),
      end: (last, kind) => {
        notice.end = [kind, last]
      },
    }
  }
  return { shown, open }
}
