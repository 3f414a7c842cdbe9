import { button, element } from './element.ts'

/** What is asked before something is done that cannot be undone at once. */
export interface Question {
  title: string
  text: string
  /** Stands below the text. */
  details?: HTMLElement
  /** The words on the button that does it. */
  yes: string
  isDangerous?: boolean
}

/** A window before the page. */
export interface Dialog {
  node: HTMLDialogElement
  close(answer?: string): void
  /** The answer it was closed with; empty where people left it in another way. */
  closed: Promise<string>
}

let openedDialogs = 0

/** Opens a window before the page; the focus comes back to where it was. */
export function openDialog(title: string, ...children: HTMLElement[]): Dialog {
  return opened({}, title, children)
}

/** Asks; resolves true when people say yes, false when they say no in any way. */
export async function confirmed({ title, text, details, yes, isDangerous = true }: Question): Promise<boolean> {
  const id = `question-${openedDialogs + 1}`
  const no = button('Cancel', { autofocus: true }, () => dialog.close())
  const does = button(yes, { class: isDangerous ? 'danger' : 'primary' }, () => dialog.close('yes'))
  const body = [element('p', { id }, text), ...(details ? [details] : []), element('div', { class: 'actions' }, no, does)]
  const dialog = opened({ role: 'alertdialog', 'aria-describedby': id }, title, body)
  return (await dialog.closed) === 'yes'
}

function opened(attributes: Record<string, string>, title: string, children: HTMLElement[]): Dialog {
  const id = `dialog-${++openedDialogs}`
  const heading = element('h2', { id }, title)
  const node = element('dialog', { 'aria-labelledby': id, ...attributes }, heading, ...children)
  document.body.append(node)
  node.showModal()
  const closed = new Promise<string>((resolve) => {
    node.addEventListener('close', () => {
      node.remove()
      resolve(node.returnValue)
    })
  })
  return { node, closed, close: (answer = '') => node.close(answer) }
}
