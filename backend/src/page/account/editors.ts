import { contract, type Editor } from '@karvdash/common'
import type { OwnContext } from '../context.ts'
import { element } from '../element.ts'
import { drawRows } from '../rows.ts'
import { scopeList } from '../scopes.ts'
import { section } from '../section.ts'
import { momentOf } from '../times.ts'

/** Editors and other programs that are signed in as me. */
export function editorsSection({ api, signal }: OwnContext): HTMLElement {
  const rows = drawRows<Editor>({
    label: 'Connected editors',
    none: 'No editor is connected.',
    signal,
    idOf: ({ id }) => id,
    nameOf: ({ client, machine }) => (machine === '' ? client : `${client} on ${machine}`),
    about: ({ scopes, usedAt, createdAt }) =>
      [scopeList(scopes), `last used ${momentOf(usedAt)}`, `since ${momentOf(createdAt)}`].join(' · '),
    load: async () => (await api.call(contract.listEditors, {}, { signal })).items,
    verb: 'Sign out',
    busy: 'Signing out …',
    end: ({ id }) => api.call(contract.deleteEditor, { params: { editor: id } }),
  })
  const connect = element('a', { href: '#/connect-editor' }, 'An editor shows you a code?')
  return section('Connected editors', rows.node, element('p', { class: 'section-after' }, connect))
}
