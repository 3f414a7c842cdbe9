import { sentenceOf } from '../jupyter.ts'
import type { Session } from '../session.ts'
import { element } from './element.ts'
import { drawField } from './field.ts'

/** The box in which a person says where Karvdash is and shows a token. */
export interface SignInBox {
  node: HTMLElement
  /** Offers an address where none was typed. */
  offer(url: string): void
  focus(): void
}

/** Draws the box; the token goes to the Jupyter server, which keeps it, and is forgotten here. */
export function signInBox(session: Session): SignInBox {
  const url = drawField({
    pointer: '/url',
    label: 'Address of the dashboard',
    kind: 'text',
    placeholder: 'https://karvdash.example.org',
  })
  const token = drawField({
    pointer: '/token',
    label: 'Personal token',
    kind: 'password',
    hint: 'Make one in the dashboard, under Account.',
  })
  const failure = element('p', { role: 'alert', class: 'jp-Karvdash-hint jp-mod-error' })
  const submit = element('button', { type: 'submit', class: 'jp-mod-styled jp-mod-accept' }, 'Sign in')
  async function signIn(): Promise<void> {
    submit.disabled = true
    failure.textContent = ''
    try {
      await session.signIn(url.text(), token.text())
    } catch (refusal) {
      failure.textContent = sentenceOf(refusal)
    } finally {
      submit.disabled = false
      if (token.control instanceof HTMLInputElement) token.control.value = ''
    }
  }
  const press = (event: Event) => {
    event.preventDefault()
    void signIn()
  }
  const node = element(
    'form',
    { 'aria-label': 'Sign in to Karvdash', novalidate: true, submit: press },
    url.node,
    token.node,
    failure,
    submit,
  )
  return {
    node,
    offer(address) {
      if (url.control instanceof HTMLInputElement && url.control.value === '') url.control.value = address
    },
    focus: () => (url.text() === '' ? url : token).control.focus(),
  }
}
