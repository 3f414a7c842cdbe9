import { contract, UserCode } from '@karvdash/common'
import type { OwnContext, Screen } from '../context.ts'
import { arrange, element } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import type { EditorAsked } from '../routes.ts'
import { drawSchemaForm } from '../schema-form.ts'
import { consent } from './consent.ts'

/** Where people let an editor sign in as them, or refuse it. */
export function connectEditorScreen(asked: EditorAsked | undefined, context: OwnContext): Screen {
  const title = 'Connect an editor'
  const heading = element('h1', { tabindex: -1 }, title)
  const node = element('div', { class: 'card door wide' }, heading)
  if (asked === undefined) node.append(...codeForm(context))
  else void show(node, asked, context)
  return { title, node }
}

async function show(node: HTMLElement, asked: EditorAsked, context: OwnContext): Promise<void> {
  const { api, signal } = context
  node.setAttribute('aria-busy', 'true')
  try {
    const request = await api.call(contract.getEditorRequest, { query: asked }, { signal })
    const heading = element('h1', { tabindex: -1 }, `Connect ${request.client}?`)
    arrange(node, [heading, ...consent({ asked, request, onDecided: (words) => arrange(node, decided(words)) }, context)])
    heading.focus()
  } catch (failure) {
    if (signal.aborted) return
    const again = element('p', { class: 'door-other' }, element('a', { href: '#/connect-editor' }, 'Enter a code'))
    node.append(element('p', { role: 'alert', class: 'error' }, sentenceOf(failure)), again)
  } finally {
    node.removeAttribute('aria-busy')
  }
}

/** Editors that can open no browser show a code. */
function codeForm({ go }: OwnContext): HTMLElement[] {
  const form = drawSchemaForm({
    name: 'Connect an editor',
    body: contract.getEditorRequest.query.options[1],
    fields: [
      {
        pointer: '/code',
        label: 'Code',
        kind: 'text',
        hint: 'Eight letters, such as BCDF-GHJK.',
        attributes: { autofocus: true, autocapitalize: 'characters', maxlength: 20, class: 'code' },
      },
    ],
    read: ({ code = '' }) => ({ code }),
    submit: { label: 'Go on', busy: 'Looking …' },
    send: async ({ code }) => go({ screen: 'connect-editor', asked: { code: UserCode.parse(code) } }),
  })
  return [
    element('p', { class: 'introduction' }, 'Enter the code that your editor shows. You see what it wants before you decide.'),
    form,
  ]
}

function decided(words: string[]): HTMLElement[] {
  const [title = '', ...rest] = words
  const heading = element('h1', { tabindex: -1, autofocus: true }, title)
  const more = element('p', { class: 'door-other' }, element('a', { href: '#/account' }, 'Your connected editors'))
  queueMicrotask(() => heading.focus())
  return [heading, ...rest.map((text) => element('p', { role: 'status' }, text)), more]
}
