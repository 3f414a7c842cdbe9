import type { TemplateFault } from '@karvdash/common'
import { arrange, element } from '../element.ts'

/** A text with numbered lines, those with a fault marked. */
export interface TextEditor {
  node: HTMLElement
  text(): string
  mark(faults: TemplateFault[]): void
  /** Takes people to where a fault is. */
  goTo(fault: TemplateFault): void
  onInput(then: () => void): void
}

/** Draws it: a plain textarea, which every browser and every tool of people knows. */
export function drawTextEditor({ label, source }: { label: string; source: string }): TextEditor {
  const area = element('textarea', {
    ...{ 'aria-label': label, rows: 28, wrap: 'off', spellcheck: 'false', autocapitalize: 'none', autocomplete: 'off' },
    'aria-describedby': 'template-faults',
  })
  area.value = source
  const gutter = element('div', { class: 'gutter', 'aria-hidden': 'true' })
  let faulty = new Set<number>()
  function number(): void {
    const count = area.value.split('\n').length
    const lines = Array.from({ length: count }, (_, index) => {
      const look = faulty.has(index + 1) ? { class: 'faulty' } : {}
      return element('div', look, String(index + 1))
    })
    arrange(gutter, lines)
  }
  const align = () => {
    gutter.scrollTop = area.scrollTop
  }
  area.addEventListener('scroll', align)
  area.addEventListener('input', number)
  number()
  return {
    node: element('div', { class: 'text-editor' }, gutter, area),
    text: () => area.value,
    mark(faults) {
      faulty = new Set(faults.flatMap(({ line }) => line ?? []))
      area.setAttribute('aria-invalid', String(faults.length > 0))
      number()
      align()
    },
    goTo({ line = 1, column = 1 }) {
      const at = offsetOf(area.value, { line, column })
      area.focus()
      area.setSelectionRange(at, at)
      const height = area.scrollHeight / area.value.split('\n').length
      area.scrollTop = Math.max(0, (line - 4) * height)
    },
    onInput: (then) => area.addEventListener('input', then),
  }
}

/** Where a line and a column are in a text; both count from 1, and what is beyond the end is the end. */
export function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return Math.min(text.length, before + Math.min(column - 1, lines[line - 1]?.length ?? 0))
}
