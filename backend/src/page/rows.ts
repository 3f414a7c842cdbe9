import { whileBusy } from './busy.ts'
import { confirmed, type Question } from './dialog.ts'
import { arrange, button, element, setText } from './element.ts'
import { sentenceOf } from './problems.ts'

/** A list whose rows can be ended one by one: sessions, tokens, editors. */
export interface RowsPlan<Item> {
  /** Its accessible name. */
  label: string
  /** What stands there when nothing is listed. */
  none: string
  signal: AbortSignal
  idOf: (item: Item) => string
  nameOf: (item: Item) => string
  /** What is said of it below its name. */
  about: (item: Item) => string
  load: () => Promise<Item[]>
  /** The words on the button that ends it, alone and under way. */
  verb: string
  busy: string
  /** What is asked before; none: nothing is asked. */
  question?: (item: Item) => Question
  /** Stands in the place of the button where there is nothing to end. */
  kept?: (item: Item) => string | undefined
  end: (item: Item) => Promise<unknown>
}

/** The list on the page. */
export interface Rows<Item> {
  node: HTMLElement
  add(item: Item): void
  clear(): void
  /** Whether anything is listed. */
  isEmpty(): boolean
}

/** Draws it, and loads what it lists. */
export function drawRows<Item>(plan: RowsPlan<Item>, onCount: (count: number) => void = () => undefined): Rows<Item> {
  const list = element('ul', { class: 'rows', 'aria-label': plan.label, tabindex: -1 })
  const failed = element('p', { role: 'alert', class: 'error' })
  const rows = new Map<string, HTMLElement>()
  function draw(): void {
    arrange(list, rows.size > 0 ? [...rows.values()] : [element('li', { class: 'empty' }, plan.none)])
    onCount(rows.size)
  }
  function add(item: Item): void {
    const row = drawRow(plan, item, (pressed) => end(item, pressed))
    rows.set(plan.idOf(item), row)
    draw()
  }
  async function end(item: Item, pressed: HTMLButtonElement): Promise<void> {
    if (plan.question && !(await confirmed(plan.question(item)))) return
    setText(failed, '')
    await whileBusy(pressed, plan.busy, async () => {
      try {
        await plan.end(item)
        rows.delete(plan.idOf(item))
        draw()
        // The button that had the focus is gone.
        list.focus()
      } catch (failure) {
        setText(failed, sentenceOf(failure))
      }
    })
  }
  function clear(): void {
    rows.clear()
    draw()
  }
  plan.load().then(
    (items) => (items.length > 0 ? items.forEach(add) : draw()),
    (failure: unknown) => !plan.signal.aborted && setText(failed, sentenceOf(failure)),
  )
  return { node: element('div', {}, list, failed), add, clear, isEmpty: () => rows.size === 0 }
}

function drawRow<Item>(plan: RowsPlan<Item>, item: Item, onEnd: (pressed: HTMLButtonElement) => Promise<void>): HTMLElement {
  const name = plan.nameOf(item)
  const kept = plan.kept?.(item)
  const words = element('div', {}, element('strong', {}, name), element('p', { class: 'about' }, plan.about(item)))
  const end: HTMLElement =
    kept === undefined
      ? button(plan.verb, { class: 'quiet', 'aria-label': `${plan.verb} ${name}` }, () => void onEnd(end as HTMLButtonElement))
      : element('span', { class: 'about' }, kept)
  return element('li', { 'data-row': plan.idOf(item) }, words, end)
}
