/** Makes of a task one that never runs twice at once: who asks meanwhile gets one more run, which begins after they asked. */
export function again(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const start = (): Promise<void> => {
    next = undefined
    running = task().finally(() => {
      if (!next) running = undefined
    })
    return running
  }
  return () => {
    if (!running) return start()
    next ??= running.catch(() => undefined).then(start)
    return next
  }
}
