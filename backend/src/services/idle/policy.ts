import { parseQuantity } from '@karvdash/common'
import * as z from 'zod'

const scales = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time such as `12h`, `90m`, `2d` or `30s`, in milliseconds. */
export const Duration = z.string().transform((text, context) => {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (amount !== undefined) return Number(amount) * scales[unit as keyof typeof scales]
  context.addIssue('must be a time such as 12h, 90m or 2d')
  return z.NEVER
})

const Off = z.literal('').or(z.literal('0')).or(z.literal(0))
const names = z.array(z.string()).default([])

/** When services that nobody uses are stopped; undefined where they never are. */
export const IdlePolicy = z
  .strictObject({
    after: Off.transform(() => 0)
      .or(Duration)
      .default(0),
    warning: Duration.prefault('1h'),
    cpu: z
      .union([z.string(), z.number()])
      .transform((amount, context) => {
        const billionths = parseQuantity(String(amount))
        if (billionths !== undefined && billionths > 0n) return { text: String(amount), billionths: Number(billionths) }
        context.addIssue('must be an amount of processors such as 50m')
        return z.NEVER
      })
      .prefault('50m'),
    exemptTemplates: names,
    exemptUsers: names,
  })
  .transform((given, context) => {
    const { after: afterMs, warning: warningMs, ...rest } = given
    if (afterMs === 0) return undefined
    if (warningMs < afterMs) return { ...rest, afterMs, warningMs }
    context.addIssue({ code: 'custom', path: ['warning'], message: 'must be shorter than "after", of which it is the end' })
    return z.NEVER
  })
export type IdlePolicy = Exclude<z.infer<typeof IdlePolicy>, undefined>

const minuteMs = 60_000

/** How often what was seen is told to the other replicas: at most so much later does anybody learn of it. */
export function noteEveryMs({ afterMs }: Pick<IdlePolicy, 'afterMs'>): number {
  return Math.min(afterMs / 10, 10 * minuteMs)
}

/** How often services are judged. */
export function judgeEveryMs({ afterMs }: Pick<IdlePolicy, 'afterMs'>): number {
  return Math.min(afterMs / 20, 15 * minuteMs)
}
