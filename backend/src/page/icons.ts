import { box, drawings } from './drawings.ts'
import { drawn } from './element.ts'

/** The drawing of that name, or a box; it says nothing that the words beside it do not say. */
export function icon(name: string | undefined): SVGSVGElement {
  const shapes = (name !== undefined && Object.hasOwn(drawings, name) && drawings[name]) || box
  return drawn(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' },
    ...shapes.map(([tag, attributes]) => drawn(tag, attributes)),
  )
}

/** The product's sign. */
export function sign(): SVGSVGElement {
  const letter = drawn('path', { d: 'M10 8v16M22 8 11 16l11 8', class: 'sign-letter' })
  return drawn(
    'svg',
    { viewBox: '0 0 32 32', class: 'sign', 'aria-hidden': 'true' },
    drawn('rect', { width: 32, height: 32, rx: 8 }),
    letter,
  )
}
