import { Notice } from '@karvdash/common'
import type { Cache } from '../kubernetes/cache.ts'
import type { Kubernetes } from '../kubernetes/client.ts'
import { noted, noteSecret } from '../kubernetes/notes.ts'
import type { KubeObject } from '../kubernetes/objects.ts'
import { resources } from '../kubernetes/resources.ts'

/** What an admin tells everybody. */
export interface Notices {
  /** From the watch cache: no call. */
  get(): Notice
  /** An empty text takes it back. */
  set(notice: Notice): Promise<void>
}

export interface NoticesPorts {
  kubernetes: Kubernetes
  namespace: string
  /** Follows Secrets of the namespace, those with the mark of notices among them. */
  secrets: Cache
}

/** The value of the label `karvdash.io/holds` that marks the notice. */
export const noticeMark = 'notice'

const name = 'karvdash-notice'

/** Keeps the notice in a Secret of the platform's, which every replica follows. */
export function createNotices({ kubernetes, namespace, secrets }: NoticesPorts): Notices {
  return {
    get: () => read(secrets.get(name, namespace)),
    async set({ text }) {
      const secret = noteSecret(noticeMark, { name, namespace }, { text })
      await secrets.caughtUp(await kubernetes.apply(resources.secrets, secret))
    },
  }
}

function read(secret: KubeObject | undefined): Notice {
  return Notice.catch({ text: '' }).parse({ text: noted(secret, 'text')?.toString() })
}
