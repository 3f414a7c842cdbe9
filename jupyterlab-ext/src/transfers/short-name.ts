const most = 40

/** A name or path as a notification has room for it: JupyterLab shows 140 letters of each, and how far something is comes last. */
export function shortName(name: string): string {
  const letters = [...name]
  if (letters.length <= most) return name
  const half = most / 2
  return `${letters.slice(0, half).join('')}\u2026${letters.slice(-half).join('')}`
}
