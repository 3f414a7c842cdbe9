import { contract, type ListedTemplate, type TemplateGroups } from '@karvdash/common'
import { whileBusy } from '../busy.ts'
import type { OwnContext } from '../context.ts'
import { openDialog } from '../dialog.ts'
import { button, element, setText } from '../element.ts'
import { sentenceOf } from '../problems.ts'
import { type Arranging, arrangedGroups, arranging, movedGroup, movedTemplate } from './arranging.ts'

/** Lets an administrator put templates in groups and in order. True where that was kept. @throws Problem */
export async function askToArrange(items: readonly ListedTemplate[], { api, signal }: OwnContext): Promise<boolean> {
  const { version, ...before } = await api.call(contract.getTemplateGroups, {}, { signal })
  let groups = arranging(items, before)
  const list = element('div', { class: 'arranging' })
  const failed = element('p', { class: 'error', role: 'alert' })
  function change(to: Arranging[], focus: string): void {
    groups = to
    draw()
    list.querySelector<HTMLElement>(`[data-press=${CSS.escape(focus)}]`)?.focus()
  }
  const rename = (index: number, label: string) => {
    groups = groups.map((group, at) => (at === index ? { ...group, label } : group))
  }
  const draw = () => list.replaceChildren(...groups.map((group, index) => drawGroup(group, { index, groups, change, rename })))
  const save: HTMLButtonElement = button('Save', { class: 'primary' }, () => {
    void whileBusy(save, 'Saving …', async () => {
      const body: TemplateGroups = { groups: arrangedGroups(groups), ...(version !== undefined && { version }) }
      await api.call(contract.setTemplateGroups, { body }).then(
        () => dialog.close('saved'),
        (failure: unknown) => setText(failed, sentenceOf(failure)),
      )
    })
  })
  const add = button('New group', {}, () => {
    change([...groups, { label: `Group ${groups.length + 1}`, templates: [] }], `name-${groups.length}`)
  })
  const cancel = button('Cancel', {}, () => dialog.close())
  draw()
  const about = element(
    'p',
    { class: 'help' },
    'Everybody sees them like this; pinned ones stand before all others. A group without templates goes.',
  )
  const dialog = openDialog('Groups and order', about, list, failed, element('div', { class: 'actions' }, save, add, cancel))
  signal.addEventListener('abort', () => dialog.close(), { once: true })
  return (await dialog.closed) === 'saved'
}

interface Drawing {
  index: number
  groups: readonly Arranging[]
  change: (to: Arranging[], focus: string) => void
  rename: (index: number, label: string) => void
}

function drawGroup({ label, templates }: Arranging, { index, groups, change, rename }: Drawing): HTMLElement {
  const name = element('input', {
    ...{ value: label, maxlength: 40, 'aria-label': `Name of group ${index + 1}`, 'data-press': `name-${index}` },
  })
  name.addEventListener('input', () => rename(index, name.value))
  const move = (by: -1 | 1) => {
    const press = `${by === 1 ? 'down' : 'up'}-group-${index + by}`
    return mover(by, label, `${by === 1 ? 'down' : 'up'}-group-${index}`, () => change(movedGroup(groups, index, by), press))
  }
  const rows = templates.map(({ id, name: called }) => {
    const moves = ([-1, 1] as const).map((by) => {
      const press = `${by === 1 ? 'down' : 'up'}-${id}`
      return mover(by, called, press, () => change(movedTemplate(groups, id, by), press))
    })
    return element('li', { 'data-template': id }, called, element('span', { class: 'actions' }, ...moves))
  })
  const head = element('div', { class: 'arranging-head' }, name, element('span', { class: 'actions' }, move(-1), move(1)))
  return element('fieldset', {}, element('legend', { class: 'unseen' }, label), head, element('ul', {}, ...rows))
}

function mover(by: -1 | 1, what: string, press: string, onClick: () => void): HTMLButtonElement {
  const words = `Move ${what} ${by === 1 ? 'down' : 'up'}`
  return button(by === 1 ? '↓' : '↑', { class: 'quiet', 'aria-label': words, 'data-press': press }, onClick)
}
