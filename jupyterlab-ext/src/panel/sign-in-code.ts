import { sentenceOf } from '../jupyter.ts'
import type { DeviceCode, Outcome, Session } from '../session.ts'
import { button, element, setText } from './element.ts'

/** What a person sees while their browser, on whichever machine, has to say that it is them. */
export interface SignInCode {
  node: HTMLElement
  show(code: DeviceCode): void
}

const sentences: Record<Outcome, string> = {
  'signed-in': '',
  denied: 'The sign-in was refused in the browser.',
  expired: 'The code was not approved in time. Sign in again for another one.',
  none: '',
}

/** Draws a code and the link that approves it; `onEnd` is told when that is over, with what to say of it. */
export function signInCode(session: Session, onEnd: (sentence: string) => void): SignInCode {
  const shown = element('p', { class: 'jp-Karvdash-code' })
  const link = element('a', { target: '_blank', rel: 'noopener noreferrer', class: 'jp-Karvdash-approve' })
  const page = element('p', { class: 'jp-Karvdash-hint' })
  const waiting = element('p', { role: 'status' })
  const cancel = button('Cancel', {}, () => void session.cancelSignIn().catch(() => undefined))
  const introduction = element('p', {}, 'Your code:')
  const node = element('div', { hidden: true, role: 'group', 'aria-label': 'Code' })
  node.append(introduction, shown, link, page, waiting, element('div', { class: 'jp-Karvdash-actions' }, cancel))
  async function follow(): Promise<void> {
    const sentence = await session.signInOutcome().then((outcome) => sentences[outcome], sentenceOf)
    node.hidden = true
    onEnd(sentence)
  }
  return {
    node,
    show({ code, page: address, pageWithCode }) {
      setText(shown, code)
      link.textContent = 'Approve it in the dashboard'
      link.href = pageWithCode
      setText(page, `Or enter it at ${address}`)
      setText(waiting, 'Waiting for your approval …')
      node.hidden = false
      link.focus()
      void follow()
    },
  }
}
