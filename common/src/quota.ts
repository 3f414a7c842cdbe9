import * as z from 'zod'
import { isQuantity } from './quantity.ts'

const amounts = /^((requests|limits)\.)?(cpu|memory|ephemeral-storage)$|^requests\.storage$/
const counts =
  /^(pods|services(\.loadbalancers|\.nodeports)?|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|count\/[a-z0-9-]{1,63}(\.[a-z0-9.-]{1,253})?|requests\.[a-z0-9.-]{1,253}\/[A-Za-z0-9._-]{1,63})$/

/** One line of a ResourceQuota: `limits.memory`, `requests.nvidia.com/gpu`, `pods`, `count/jobs.batch`. */
export const QuotaLine = z
  .string()
  .max(400)
  .refine(
    (line) => amounts.test(line) || counts.test(line),
    'is no line of a quota, such as limits.memory, requests.nvidia.com/gpu or pods',
  )

/** Lines of a user's quota that are to be other than usual; null gives one back to what is usual. */
export const QuotaChange = z
  .record(QuotaLine, z.string().max(40).nullable())
  .refine((quota) => Object.keys(quota).length <= 50, 'has 50 lines at most')
  .superRefine((quota, context) => {
    for (const [line, amount] of Object.entries(quota)) {
      const fits =
        amount === null || (amounts.test(line) ? isQuantity(amount) && !amount.startsWith('-') : /^\d{1,9}$/.test(amount))
      const wanted = amounts.test(line) ? 'an amount such as 500m, 8 or 64Gi' : 'a whole number, as a text'
      if (!fits) context.addIssue({ code: 'custom', path: [line], message: `It must be ${wanted}.` })
    }
  })
export type QuotaChange = z.infer<typeof QuotaChange>
