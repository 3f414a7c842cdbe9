import { type DeviceCode, Refusal, type Tokens } from './endpoints.ts'

/** How waiting for somebody to approve a code ended. */
export type Approval = { kind: 'approved'; tokens: Tokens } | { kind: 'denied' | 'expired' | 'cancelled' }

export interface ApprovalPorts {
  redeem: (device: string) => Promise<Tokens>
  wait: (ms: number, signal: AbortSignal) => Promise<void>
  now?: () => number
}

const slowerMs = 5000
const longestMs = 60_000

/** Asks again and again, as often as the server allows, whether somebody approved a code (RFC 8628 §3.4). @throws whatever is no answer. */
export async function approval(
  { redeem, wait, now = Date.now }: ApprovalPorts,
  { device, intervalMs, lifetimeMs }: Pick<DeviceCode, 'device' | 'intervalMs' | 'lifetimeMs'>,
  signal: AbortSignal,
): Promise<Approval> {
  const until = now() + lifetimeMs
  for (let pauseMs = intervalMs; now() < until; ) {
    await wait(pauseMs, signal)
    if (signal.aborted) return { kind: 'cancelled' }
    try {
      return { kind: 'approved', tokens: await redeem(device) }
    } catch (failure) {
      const next = after(failure, pauseMs)
      if (typeof next !== 'number') return next
      pauseMs = next
    }
  }
  return { kind: 'expired' }
}

function after(failure: unknown, pauseMs: number): number | Approval {
  // RFC 8628 §3.5: after a connection timeout, "such as by doubling the polling interval".
  if (!(failure instanceof Refusal)) return Math.min(pauseMs * 2, longestMs)
  switch (failure.code) {
    case 'authorization_pending':
      return pauseMs
    case 'slow_down':
      // "the interval MUST be increased by 5 seconds for this and all subsequent requests"
      return pauseMs + slowerMs
    case 'access_denied':
      return { kind: 'denied' }
    case 'expired_token':
      return { kind: 'expired' }
    default:
      throw failure
  }
}
