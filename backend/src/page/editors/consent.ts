import { contract, type EditorRequest, UserCode } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import type { EditorAsked } from '../routes.ts'
import { scopeSentences } from '../scopes.ts'
import { landingOf, placeWords } from './landing.ts'

export interface ConsentPlan {
  asked: EditorAsked
  request: EditorRequest
  /** Takes what is to be said once it is decided: a heading, and what follows it. */
  onDecided: (words: string[]) => void
}

/** What an editor asks for, and the two answers. */
export function consent(plan: ConsentPlan, context: OwnContext): HTMLElement[] {
  const { asked, request } = plan
  const { user } = context.session
  const failed = element('p', { role: 'alert', class: 'error' })
  const answer = (label: string, busy: string, isApproved: boolean) => {
    const pressed: HTMLButtonElement = button(label, { class: isApproved ? 'primary' : undefined }, () => {
      void whileBusy(pressed, busy, () => decide(isApproved))
    })
    return pressed
  }
  async function decide(isApproved: boolean): Promise<void> {
    setText(failed, '')
    try {
      const { location } = await context.api.call(contract.decideEditor, { body: { ...asked, isApproved } })
      const landing = landingOf(location)
      plan.onDecided(isApproved ? approvedWords(request) : refusedWords(request))
      if (landing !== undefined) window.location.assign(landing)
    } catch (failure) {
      setText(failed, sentenceOf(failure))
    }
  }
  const may = element('ul', { class: 'scopes' }, ...scopeSentences(request.scopes).map((text) => element('li', {}, text)))
  return [
    facts(plan),
    element('p', {}, `It will be signed in as ${user.name} and may:`),
    may,
    element('p', { class: 'warning' }, warning(asked)),
    failed,
    element('div', { class: 'actions' }, answer('Approve', 'Approving …', true), answer('Refuse', 'Refusing …', false)),
  ]
}

function facts({ asked, request: { client, machine, place } }: ConsentPlan): HTMLElement {
  const rows = Object.entries({
    Program: client,
    'Says it is on': machine || 'It does not say',
    'Asks from': placeWords(place),
    ...('code' in asked && { Code: shownCode(asked.code) }),
  }).map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value)))
  return element('dl', { class: 'facts' }, ...rows)
}

/** A code as editors show it, however it stands in the address. */
function shownCode(text: string): string {
  const { data = text } = UserCode.safeParse(text)
  return data.replace(/^(\w{4})(\w{4})$/, '$1-$2')
}

function warning(asked: EditorAsked): string {
  const began = 'Approve only what you began yourself, a moment ago.'
  const sent = 'If somebody sent you this code or a link to this page, refuse: they would be signed in as you.'
  return 'code' in asked
    ? `${began} Your editor must show this very code. ${sent}`
    : `${began} If this page opened by itself, refuse.`
}

function approvedWords({ client }: EditorRequest): string[] {
  return [`${client} is connected`, 'You can go back to your editor.']
}

function refusedWords({ client }: EditorRequest): string[] {
  return [`${client} is refused`, 'It was not signed in. You can close this page.']
}
