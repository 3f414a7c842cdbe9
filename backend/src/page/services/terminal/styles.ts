/**
 * Lets a library that writes `style` elements and attributes work under a policy without inline styles, until `end` is called: what it writes
 * becomes a sheet of the document, or the style of its element (CSSOM §6), which no such policy is about.
 */
export function allowStyles(): { end(): void } {
  const sheets: CSSStyleSheet[] = []
  const keepers: MutationObserver[] = []
  const make = Document.prototype.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement
  /** Stands in the place of a `style` element. */
  function standIn(): HTMLElement {
    const node = make('template')
    const sheet = new CSSStyleSheet()
    const keeper = new MutationObserver(() => sheet.replaceSync(node.textContent ?? ''))
    keeper.observe(node, { childList: true, characterData: true, subtree: true })
    sheets.push(sheet)
    keepers.push(keeper)
    document.adoptedStyleSheets.push(sheet)
    return node
  }
  const createElement = (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? standIn() : withStyle(make(name, options))
  // Its renderer takes a document of one's own; its scroll bar does not.
  Object.assign(document, { createElement })
  return {
    end() {
      Reflect.deleteProperty(document, 'createElement')
      for (const keeper of keepers) keeper.disconnect()
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet))
    },
  }
}

function withStyle<E extends HTMLElement>(node: E): E {
  node.setAttribute = (name, value) => {
    if (name === 'style') node.style.cssText = value
    else Element.prototype.setAttribute.call(node, name, value)
  }
  return node
}
