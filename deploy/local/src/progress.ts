const began = Date.now()

/** Says a step, runs it, and says how long it took. Steps may run beside each other; each line is whole. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now()
  say(`${title} ...`)
  const reminder = setInterval(() => say(`${title} ... still, ${seconds(start)}`), 30_000)
  try {
    const result = await work()
    say(`${title}: done in ${seconds(start)}`)
    return result
  } catch (error) {
    say(`${title}: failed after ${seconds(start)}`)
    throw error
  } finally {
    clearInterval(reminder)
  }
}

/** Prints one line with the time since the command began. */
export function say(line: string): void {
  process.stderr.write(`[${seconds(began).padStart(6)}] ${line}\n`)
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(Date.now() - since < 10_000 ? 1 : 0)} s`
}
