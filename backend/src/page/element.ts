/** Attributes of an element: `true` is an attribute without a value, `false` and undefined leave it out. */
export type Attributes = Record<string, string | number | boolean | undefined>
/** What stands in an element: text is always text, never markup. */
export type Child = Node | string | undefined

/**
 * Makes an element.
 * @example
 * element('a', { href: '#/account', class: 'button' }, 'Account')
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children)
}

/** Makes an element of a drawing. */
export function drawn<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

/** A button that does something here; inside a form it does not send it. */
export function button(label: string, attributes: Attributes, onClick: () => void): HTMLButtonElement {
  const node = element('button', { type: 'button', ...attributes }, label)
  node.addEventListener('click', onClick)
  return node
}

/** Makes the children of a list exactly these, moving only what stands elsewhere: whoever has the focus keeps it. */
export function arrange(list: HTMLElement, nodes: HTMLElement[]): void {
  const wanted = new Set<Element>(nodes)
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove()
  for (const [index, node] of nodes.entries()) {
    const there = list.children[index] ?? null
    if (there !== node) list.insertBefore(node, there)
  }
}

/** Sets a text, touching the document only when it changes. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

function fill<E extends Element>(node: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    // The page's policy would ignore them: listeners are added, styles are classes.
    if (/^(on|style$)/.test(name)) throw new Error(`No attribute ${name}: the page has no inline code or styles.`)
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}
