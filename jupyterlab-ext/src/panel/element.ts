/** What an element may be given: text attributes, flags, and listeners. */
export type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>

/** Makes an element; texts are never read as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value)
    else if (value === true) node.setAttribute(name, '')
    else if (value !== undefined && value !== false) node.setAttribute(name, String(value))
  }
  node.append(...children)
  return node
}

/** A button that looks like JupyterLab's own. */
export function button(label: string, attributes: Attributes, press: () => void, isMain = false): HTMLButtonElement {
  const look = isMain ? 'jp-mod-styled jp-mod-accept' : 'jp-mod-styled'
  return element('button', { type: 'button', class: look, click: press, ...attributes }, label)
}

/** Changes a text only where it is another, so that nothing is read aloud twice. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}
