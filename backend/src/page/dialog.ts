import { button, element } from './element.ts'

/** What is asked before something is done that cannot be undone at once. */
export interface Question {
  title: string
  text: string
  /** The words on the button that does it. */
  yes: string
  isDangerous?: boolean
}

let askedQuestions = 0

/** Asks; resolves true when people say yes, false when they say no in any way. The focus comes back to where it was. */
export function confirmed({ title, text, yes, isDangerous = true }: Question): Promise<boolean> {
  const id = `question-${++askedQuestions}`
  const no = button('Cancel', { autofocus: true }, () => dialog.close())
  const does = button(yes, { class: isDangerous ? 'danger' : 'primary' }, () => dialog.close('yes'))
  const dialog = element(
    'dialog',
    { 'aria-labelledby': `${id}-title`, 'aria-describedby': `${id}-text`, role: 'alertdialog' },
    element('h2', { id: `${id}-title` }, title),
    element('p', { id: `${id}-text` }, text),
    element('div', { class: 'actions' }, no, does),
  )
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
  })
}
