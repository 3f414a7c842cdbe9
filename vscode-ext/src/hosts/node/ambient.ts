import type { Credentials } from '../../connection/connection.ts'

const tokenFile = '/var/run/secrets/karvdash/token'

/**
 * Credentials of the pod that we run in: its projected token, read anew each time since the cluster rotates it.
 */
export function ambientCredentials(
  { KARVDASH_URL: url, KARVDASH_TOKEN_FILE: file = tokenFile }: Record<string, string | undefined>,
  read: (file: string) => string,
): Credentials | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const token = () => {
    try {
      return read(file).trim()
    } catch {
      // Nobody is let in with it, and that is told as such.
      return ''
    }
  }
  return token() === '' ? undefined : { server: { id: 'karvdash', url: new URL(url).origin }, token }
}
