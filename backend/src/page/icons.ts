import { drawn } from './element.ts'

type Shape = ['path', { d: string }] | ['circle', { cx: number; cy: number; r: number }]

const path = (d: string): Shape => ['path', { d }]
const circle = (cx: number, cy: number, r: number): Shape => ['circle', { cx, cy, r }]
const box = [path('M12 3l8 4.5v9L12 21l-8-4.5v-9z'), path('M4 7.5l8 4.5 8-4.5M12 12v9')]

/** Line drawings on a field of 24 by 24. */
const drawings: Record<string, Shape[]> = {
  box,
  jupyter: [
    path('M4 10c2.5-5 13.5-5 16 0'),
    path('M4 14c2.5 5 13.5 5 16 0'),
    circle(5, 4.5, 1),
    circle(19, 4, 1.4),
    circle(6, 20, 1.4),
  ],
  globe: [circle(12, 12, 9), path('M3 12h18M12 3c3.5 3 3.5 15 0 18M12 3c-3.5 3-3.5 15 0 18')],
  terminal: [path('M4 5h16v14H4zM7.5 9.5l3 2.5-3 2.5M12.5 15h4')],
  notebook: [path('M7 3h11a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7zM7 3v18M4.5 8H7M4.5 12H7M4.5 16H7M11 8h4M11 12h4')],
  kafka: [
    circle(8, 12, 2.5),
    circle(8, 5, 2),
    circle(8, 19, 2),
    circle(16, 8, 2),
    circle(16, 16, 2),
    path('M8 7v2.5M8 14.5V17M10.2 10.9l4-2M10.2 13.1l4 2'),
  ],
  workflow: [path('M4 4h6v5H4zM14 15h6v5h-6zM7 9v8.5h7M14 6.5h3.5V15M14 6.5h-4')],
  cluster: [circle(12, 5, 2.5), circle(5, 18, 2.5), circle(19, 18, 2.5), path('M10.8 7.2 6.2 15.8M13.2 7.2l4.6 8.6M7.5 18h9')],
  database: [path('M5 6c0-3.5 14-3.5 14 0v12c0 3.5-14 3.5-14 0zM5 6c0 3.5 14 3.5 14 0M5 12c0 3.5 14 3.5 14 0')],
  chart: [path('M4 4v16h16M8 16v-5M12 16V7M16 16v-7')],
  folder: [path('M3 6h6l2 2.5h10V19H3z')],
}

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
