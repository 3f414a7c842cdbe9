import type { ServiceState } from '@karvdash/common'

/** The icon of a state, with a colour of the theme where it has one. */
export const stateIcons: Record<ServiceState, { icon: string; color?: string }> = {
  Queued: { icon: 'clock' },
  Pulling: { icon: 'cloud-download' },
  Starting: { icon: 'loading~spin' },
  Running: { icon: 'pass-filled', color: 'testing.iconPassed' },
  Failed: { icon: 'error', color: 'testing.iconFailed' },
  Stopped: { icon: 'debug-pause' },
  Deleting: { icon: 'trash' },
}
