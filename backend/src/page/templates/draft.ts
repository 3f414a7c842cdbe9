let kept: { source: string; report: string[] } | undefined

/** Keeps a text that was imported, for the editor that opens next. */
export function keepText(text: { source: string; report: string[] } | undefined): void {
  kept = text
}

/** Takes what was kept, once. */
export function takeText(): { source: string; report: string[] } | undefined {
  const text = kept
  kept = undefined
  return text
}
