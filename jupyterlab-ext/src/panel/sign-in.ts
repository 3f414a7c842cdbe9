import { sentenceOf } from '../jupyter.ts'
import type { Session } from '../session.ts'
import { button, element, setText } from './element.ts'
import { drawField } from './field.ts'
import { signInCode } from './sign-in-code.ts'

/** The box in which a person says where Karvdash is, and signs in. */
export interface SignInBox {
  node: HTMLElement
  /** Offers an address where none was typed. */
  offer(url: string): void
  focus(): void
}

/** Draws the box; whoever signs in through their browser is shown a code, and a pasted token goes to the Jupyter server and is forgotten here. */
export function signInBox(session: Session): SignInBox {
  const parts = drawParts()
  const { url, token, failure, submit, other, form } = parts
  const code = signInCode(session, (sentence) => {
    form.hidden = false
    setText(failure, sentence)
  })
  async function signIn(): Promise<void> {
    submit.disabled = true
    failure.textContent = ''
    try {
      if (!token.node.hidden) return await session.signIn(url.text(), token.text())
      code.show(await session.beginSignIn(url.text()))
      form.hidden = true
    } catch (refusal) {
      failure.textContent = sentenceOf(refusal)
    } finally {
      submit.disabled = false
      if (token.control instanceof HTMLInputElement) token.control.value = ''
    }
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void signIn()
  })
  other.addEventListener('click', () => {
    choose(parts, token.node.hidden === true)
    if (!token.node.hidden) token.control.focus()
  })
  choose(parts, false)
  return {
    node: element('div', {}, form, code.node),
    offer(address) {
      if (url.control instanceof HTMLInputElement && url.control.value === '') url.control.value = address
    },
    focus: () => (url.text() === '' ? url.control : submit).focus(),
  }
}

type Parts = ReturnType<typeof drawParts>

function drawParts() {
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
  const submit = element('button', { type: 'submit', class: 'jp-mod-styled jp-mod-accept' })
  const other = button('', {}, () => undefined)
  const actions = element('div', { class: 'jp-Karvdash-actions' }, submit, other)
  const named = { 'aria-label': 'Sign in to Karvdash', novalidate: true }
  return { url, token, failure, submit, other, form: element('form', named, url.node, token.node, failure, actions) }
}

/** Through the browser, unless a token is wanted. */
function choose({ token, submit, other, failure }: Parts, byToken: boolean): void {
  token.node.hidden = !byToken
  failure.textContent = ''
  submit.textContent = byToken ? 'Sign in' : 'Sign in with your browser'
  other.textContent = byToken ? 'Use your browser instead' : 'Use a token instead'
}
