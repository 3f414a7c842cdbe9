import type { Cause, ServiceState } from '@karvdash/common'

/** Where something is seen that explains where a service stands. */
export type Seen =
  /** A container that waits. */
  | 'waiting'
  /** A container that ended, and is started again and again. */
  | 'crash'
  /** A container that runs again after it ended. */
  | 'past'
  /** A container that ended, and is not started again. */
  | 'end'
  /** A pod that ended. */
  | 'pod'
  /** A pod that no node takes. */
  | 'scheduling'
  /** A pod whose volumes are not there. */
  | 'mount'
  /** A pod that gets no network, or whose node is lost. */
  | 'node'
  /** A container that runs and is not ready. */
  | 'probe'
  /** Something that the API server did not take. */
  | 'refusal'
  /** A Job, or a Deployment, that gave up. */
  | 'giving up'

/** Something that explains where a service stands, as the cluster tells it: texts of tenants', bounded. */
export interface Sign {
  seen: Seen
  reason: string
  message: string
  container?: string
  image?: string
  isInit?: boolean
  exitCode?: number
  restarts?: number
  /** When, ISO 8601. */
  at?: string
  /** What its probe said, where that ended it. */
  probe?: string | undefined
  /** What its pod asks for: amounts by resource. */
  asks?: Record<string, string>
  /** The most that is free on one node, in words, where it is known. */
  free?: ((resource: string) => string | undefined) | undefined
}

/** A row of the catalogue: how a cause is recognised, and what people are told. */
export interface Row {
  cause: Cause
  seen: Seen
  /** What Kubernetes calls it; any, where there is none. */
  reason?: readonly string[]
  /** What has to be in the message. */
  message?: RegExp
  /** Where the sign has to be otherwise. */
  where?: (sign: Sign) => boolean
  /** Where the service stands with it. */
  state: ServiceState
  /** What it is and what to do, in plain words. */
  words: (sign: Sign, found: Record<string, string>) => string
}
