/** How things stand between this JupyterLab and the platform. */
export interface Status {
  state: 'unknown' | 'ready' | 'signed-out' | 'away' | 'refused' | 'wrong-version' | 'no-server-part'
  /** What is the matter, as a sentence. */
  detail: string
  /** The dashboard's address. */
  url: string
  /** A pod's own identity, a pasted token, or nothing. */
  kind: 'pod' | 'token' | 'none'
  account: { name?: string | undefined; displayName?: string | undefined }
}

/** Before anybody has asked. */
export const unknownStatus: Status = { state: 'unknown', detail: '', url: '', kind: 'none', account: {} }

/** What to tell people while the platform cannot be used: one sentence, and the one thing they can do. */
export interface Notice {
  text: string
  action: 'sign-in' | 'retry'
}

/** The notice of a state; none where there is nothing to tell. */
export function noticeOf({ state, detail, kind }: Status): Notice | undefined {
  switch (state) {
    case 'unknown':
    case 'ready':
      return undefined
    case 'signed-out':
      return { text: 'Sign in to Karvdash to see your folders and services.', action: 'sign-in' }
    case 'refused':
      return kind === 'pod' ? { text: detail, action: 'retry' } : { text: `${detail} Sign in again.`, action: 'sign-in' }
    case 'no-server-part':
      return {
        text: 'The server part of the Karvdash extension does not run. Restart JupyterLab, then try again.',
        action: 'retry',
      }
    default:
      return { text: detail, action: 'retry' }
  }
}
