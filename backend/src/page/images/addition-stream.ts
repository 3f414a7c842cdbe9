import { AdditionEvent, contract, type ImageAddition, pathOf } from '@karvdash/common'

/** Own additions, live until the signal ends it: calls back with all of them, the newest first, on each change. */
export function followAdditions(onChange: (additions: ImageAddition[]) => void, signal: AbortSignal): void {
  const source = new EventSource(pathOf(contract.watchAdditions))
  const known = new Map<string, ImageAddition>()
  signal.addEventListener('abort', () => source.close())
  // All of them come again.
  source.addEventListener('open', () => known.clear())
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const event = AdditionEvent.safeParse(JSON.parse(data))
    if (!event.success) return
    if (event.data.type === 'gone') known.delete(event.data.id)
    else known.set(event.data.addition.id, event.data.addition)
    onChange([...known.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)))
  })
}
