import type { Session } from '@karvdash/common'
import type { Api } from './api.ts'
import type { Uploads } from './files/uploads.ts'
import type { ImageUploads } from './images/image-uploads.ts'
import type { Route } from './routes.ts'
import type { ServiceStore } from './services/service-store.ts'

/** What a screen works with. */
export interface ScreenContext {
  api: Api
  /** Ends when another screen comes. */
  signal: AbortSignal
  go: (route: Route) => void
  /** Says something to people who do not see the page. */
  announce: (text: string) => void
}

/** What a screen of somebody who is signed in works with. */
export interface OwnContext extends ScreenContext {
  session: Session
  services: ServiceStore
  uploads: Uploads
  imageUploads: ImageUploads
}

/** A screen: its name, and what it shows. */
export interface Screen {
  title: string
  node: HTMLElement
}
