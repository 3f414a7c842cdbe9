import { contract } from '@karvdash/common'
import type { Binder } from '../http/bind.ts'
import { page } from '../page-of.ts'
import type { Notices } from './notice.ts'
import type { Overview } from './overview.ts'

export interface PlatformRoutePorts {
  notices: Notices
  overview: Overview
}

/** What admins see of the whole platform, and tell everybody. */
export function overviewRoutes({ bind }: Binder, { notices, overview }: PlatformRoutePorts): void {
  bind(contract.getNotice, () => notices.get())
  bind(contract.setNotice, async ({ body }) => {
    await notices.set(body)
    return body
  })
  bind(contract.listUsage, async ({ query }) =>
    page(
      (await overview.usage()).map((item) => ({ key: item.user, item })),
      query,
    ),
  )
  bind(contract.getPlatform, () => overview.health())
}
