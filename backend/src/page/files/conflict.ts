import { openDialog } from '../dialog.ts'
import { button, element } from '../element.ts'
import { drawField } from '../field.ts'
import { shownName } from './shown-name.ts'

/** What is to become of a file whose name is taken. */
export type Choice = 'replace' | 'both' | 'skip'

/** Asks; whoever leaves the window skips the file. */
export async function askAboutConflict(
  name: string,
  { isAlone }: { isAlone: boolean },
): Promise<{ choice: Choice; forAll: boolean }> {
  const all = drawField({ pointer: '/all', label: 'Do the same for the other files', kind: 'checkbox' })
  const answer = (choice: Choice, label: string, look: Record<string, string | boolean>) =>
    button(label, look, () => dialog.close(choice))
  const actions = element(
    'div',
    { class: 'actions' },
    answer('skip', 'Skip', { autofocus: true }),
    answer('both', 'Keep both', {}),
    answer('replace', 'Replace', { class: 'danger' }),
  )
  const text = 'There is an entry of that name already. What is replaced is gone for good.'
  const more = isAlone ? [] : [all.node]
  const dialog = openDialog(`Replace ${shownName(name)}?`, element('p', {}, text), ...more, actions)
  const choice = await dialog.closed
  return { choice: choice === 'replace' || choice === 'both' ? choice : 'skip', forAll: all.text() === 'true' }
}
