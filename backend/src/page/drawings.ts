/** A line or a circle. */
export type Shape = ['path', { d: string }] | ['circle', { cx: number; cy: number; r: number }]

const path = (d: string): Shape => ['path', { d }]
const circle = (cx: number, cy: number, r: number): Shape => ['circle', { cx, cy, r }]
/** What stands for whatever has no drawing. */
export const box = [path('M12 3l8 4.5v9L12 21l-8-4.5v-9z'), path('M4 7.5l8 4.5 8-4.5M12 12v9')]

/** Line drawings on a field of 24 by 24, by the names that templates call them by. */
export const drawings: Record<string, Shape[]> = {
  box,
  jupyter: [
    path('M4 10c2.5-5 13.5-5 16 0'),
    path('M4 14c2.5 5 13.5 5 16 0'),
    circle(5, 4.5, 1),
    circle(19, 4, 1.4),
    circle(6, 20, 1.4),
  ],
  globe: [circle(12, 12, 9), path('M3 12h18M12 3c3.5 3 3.5 15 0 18M12 3c-3.5 3-3.5 15 0 18')],
  vscode: [path('M4 4h16v16H4z'), path('M9 9.5 6.5 12 9 14.5M15 9.5l2.5 2.5-2.5 2.5M12.8 8.5l-1.6 7')],
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
  keys: [circle(7.5, 9, 3.5), path('M10.2 11.2 19 20M15.5 16.4l2.5-2.5M18 19l2-2')],
  bucket: [path('M4 6.5c0-3 16-3 16 0l-2.2 12.5c-.5 2.5-11.1 2.5-11.6 0zM4 6.5c0 3 16 3 16 0')],
  queue: [path('M3 6h11v12H3zM6.5 6v12M10 6v12M15.5 12H21M18.5 9.5 21 12l-2.5 2.5')],
  graph: [
    circle(6, 7, 2.5),
    circle(18, 6, 2),
    circle(16, 18, 3),
    circle(6, 18, 1.5),
    path('M8.5 6.8 16 6.2M7.6 9 14 15.8M17.7 8l-1 7M7.5 18H13'),
  ],
  table: [path('M3 5h18v14H3zM3 10h18M3 14.5h18M9 5v14')],
  chart: [path('M4 4v16h16M8 16v-5M12 16V7M16 16v-7')],
  flask: [path('M9 3h6M10 3v6L4.5 19a1.5 1.5 0 0 0 1.4 2h12.2a1.5 1.5 0 0 0 1.4-2L14 9V3M7.5 15h9'), circle(12, 18, 0.6)],
  workers: [circle(12, 5, 2.5), path('M12 7.5V11M5 14v-3h14v3M12 11v3M3 14h4v5H3zM10 14h4v5h-4zM17 14h4v5h-4z')],
  airship: [path('M2.5 10.5c0-7 15-7 17.5 0-2.5 7-17.5 7-17.5 0z'), path('M18 7l3.5-2.5v12L18 14M3 10.5h16.5M9 15.6v3h5v-3.2')],
  folder: [path('M3 6h6l2 2.5h10V19H3z')],
  file: [path('M6 3h8l4 4v14H6zM14 3v4h4')],
}
