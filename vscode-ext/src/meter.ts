/** What VS Code is told of progress. */
export interface MeterNews {
  message?: string
  /** Percent more than before. */
  increment?: number
}

/** Turns how far something is into what VS Code takes: steps of whole percents, and a message. */
export interface Meter {
  report(done: number, total: number | undefined): void
  say(message: string): void
  /** Tells from now on, first what it is now. */
  follow(tell: (news: MeterNews) => void): void
}

/** Makes a meter that nobody looks at yet. */
export function createMeter(): Meter {
  let tell: (news: MeterNews) => void = () => undefined
  let percent = 0
  let told = 0
  let message: string | undefined
  function show(): void {
    tell({ ...(message !== undefined && { message }), ...(percent > told && { increment: percent - told }) })
    told = Math.max(told, percent)
  }
  return {
    report(done, total) {
      if (total === undefined || total === 0) return
      const next = Math.min(100, Math.floor((100 * done) / total))
      if (next <= percent) return
      percent = next
      show()
    },
    say(next) {
      message = next
      show()
    },
    follow(next) {
      told = 0
      tell = next
      show()
    },
  }
}
