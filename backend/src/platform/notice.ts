import { labels, Notice } from '@karvdash/common'
import type { Kubernetes } from '../kubernetes/client.ts'
import { resources } from '../kubernetes/resources.ts'

/** What an admin tells everybody. */
export interface Notices {
  get(): Promise<Notice>
  /** An empty text takes it back. */
  set(notice: Notice): Promise<void>
}

const name = 'karvdash-notice'
const none: Notice = { text: '' }
/** Everybody's page asks for it. */
const rememberedMs = 5_000

/** Keeps the notice in a Secret of the platform's. */
export function createNotices({ kubernetes, namespace, clock = Date.now }: NoticesPorts): Notices {
  let known: { notice: Promise<Notice>; until: number } | undefined
  async function read(): Promise<Notice> {
    const secret = await kubernetes.get(resources.secrets, { namespace, name })
    const { text = '' } = (secret?.['data'] ?? {}) as { text?: string }
    return Notice.catch(none).parse({ text: Buffer.from(text, 'base64').toString() })
  }
  return {
    get() {
      if (!known || known.until < clock()) {
        known = { notice: read(), until: clock() + rememberedMs }
        known.notice.catch(() => (known = undefined))
      }
      return known.notice
    },
    async set({ text }) {
      const metadata = { name, namespace, labels: { [labels.managedBy]: 'karvdash' } }
      const data = { text: Buffer.from(text).toString('base64') }
      await kubernetes.apply(resources.secrets, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'karvdash.io/notice', data })
      known = undefined
    },
  }
}

export interface NoticesPorts {
  kubernetes: Kubernetes
  namespace: string
  clock?: () => number
}
