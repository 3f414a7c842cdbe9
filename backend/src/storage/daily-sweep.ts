import { setTimeout as sleep } from 'node:timers/promises'
import { DomainName } from '@karvdash/common'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { holdRoot } from '../filesystem/held.ts'
import { createPresence, type Presence } from '../filesystem/presence.ts'
import { sweepTree } from '../filesystem/sweep.ts'
import { domainFolder } from './domains.ts'

/** Takes away what uploads left that nobody goes on with, once a day, on one replica. */
export interface DailySweep {
  /** Sweeps where it is time. */
  attempt(): Promise<void>
  stop(): void
}

export interface DailySweepPorts {
  config: Pick<Config, 'domainsFolder'>
  /** Whether this replica is the one that looks after what is everybody's. */
  isHeld: () => boolean
  log: Pick<Logger, 'warn'>
  presence?: Presence
  clock?: () => number
  /** Waits so many milliseconds. */
  wait?: (ms: number) => Promise<unknown>
}

const hourMs = 3600_000
const dayMs = 24 * hourMs
/** At most fifty folders a second: nobody who works there notices. */
const pauseMs = 20

/** Starts it: whether it is time is asked each hour. */
export function startDailySweep({ config, isHeld, log, ...ports }: DailySweepPorts): DailySweep {
  const { presence = createPresence(), clock = Date.now, wait = sleep } = ports
  let [begunAt, isRunning, isStopped] = [Number.NEGATIVE_INFINITY, false, false]
  const mayGoOn = () => isHeld() && !isStopped
  async function sweepDomain(domain: DomainName): Promise<void> {
    const folder = domainFolder(domain, config)
    await presence(folder)
    using root = holdRoot(folder)
    await sweepTree(root, { clock, mayGoOn, pause: () => wait(pauseMs) })
  }
  async function attempt(): Promise<void> {
    const isTime = clock() - begunAt >= dayMs || clock() < begunAt
    if (!mayGoOn() || isRunning || !isTime) return
    isRunning = true
    begunAt = clock()
    for (const domain of DomainName.options)
      await sweepDomain(domain).catch((error: unknown) => log.warn({ err: error, domain }, 'not swept'))
    isRunning = false
  }
  const timer = setInterval(() => void attempt(), hourMs).unref()
  return {
    attempt,
    stop() {
      isStopped = true
      clearInterval(timer)
    },
  }
}
